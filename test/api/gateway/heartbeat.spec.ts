import { describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { enter, guest } from '../../support/people.js';
import { connect } from '../../support/ws-client.js';

describe('The heartbeat', () => {
  it('ends a peer that answers no ping, and keeps one that does', async () => {
    const place = await startApp({ HEARTBEAT_INTERVAL: '1' });
    const alive = await enter(place, 'alive');
    const { access_token } = await guest(place, 'dead');
    const dead = await connect(place.wsUrl, { token: access_token, autoPong: false });
    expect((await dead.closed()).code).toBe(1006);
    await alive.socket.roundTrip();
  });

  it('ends a peer that stops reading in the middle of a Sync, whatever else it sends [S46]', async () => {
    const place = await startApp({
      HEARTBEAT_INTERVAL: '1',
      PRESENCE_GRACE: '0',
      MAX_SEND_QUEUE_BYTES: '67108864',
    });
    const other = await enter(place, 'other');
    for (let i = 0; i < 200; i++) other.socket.send({ type: 2, data: '慢'.repeat(4_000) });
    other.socket.send({ type: 2, data: 'the end' });
    await other.socket.next({ data: 'the end' });
    const stuck = await enter(place, 'stuck');
    stuck.socket.raw.pause();
    // Two megabytes each, and more than may wait to be handled: its own socket is not read on.
    for (let i = 0; i < 100; i++) stuck.socket.send({ type: 8, data: { lobby: 0 } });
    // What comes on top between two pings is no sign of life.
    other.socket.raw.on('ping', () => {
      other.socket.send({ type: 3, to: 'stuck', data: 'are you there?' });
    });
    await other.socket.next({ type: 5, user: stuck.tokens.user });
    await other.socket.roundTrip();
  });
});
