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
});
