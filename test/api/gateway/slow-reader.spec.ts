import { describe, expect, it } from '@jest/globals';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import { startApp } from '../../support/app.js';
import { enter } from '../../support/people.js';
import { connect } from '../../support/ws-client.js';

const TEXT = 'x'.repeat(3_900);
const BOUND = 65_536;
const MOST_ROUNDS = 40;
const PER_ROUND = 100;

describe('A reader who does not keep up', () => {
  it('is closed with 4408 and comes back without a gap, while others are served [S31]', async () => {
    const place = await startApp({
      MAX_SEND_QUEUE_BYTES: String(BOUND),
      MAX_SYNC_MESSAGES: '10000',
    });
    const slow = await enter(place, 'slow');
    const other = await enter(place, 'other');
    slow.socket.raw.pause();
    const [connection] = place.app.get(ConnectionRegistry).ofPerson(slow.tokens.user.id);
    let rounds = 0;
    let mostQueued = 0;
    // It can read the code only while the closing socket is kept: for five seconds.
    while (connection?.open === true && rounds < MOST_ROUNDS) {
      const end = `end of ${String(++rounds)}`;
      for (let i = 0; i < PER_ROUND; i++) other.socket.send({ type: 2, data: TEXT });
      other.socket.send({ type: 2, data: end });
      await other.socket.next((frame) => frame.data === end);
      mostQueued = Math.max(mostQueued, connection.channel.queuedBytes);
    }
    // Beyond the bound there is at most what was written when it was passed.
    expect(mostQueued).toBeLessThan(BOUND + PER_ROUND * 2 * TEXT.length);
    slow.socket.raw.resume();
    expect((await slow.socket.closed()).code).toBe(4408);
    const heard = slow.socket.frames.filter((frame) => frame.room === 'lobby');
    expect(heard.map((frame) => frame.seq)).toEqual(heard.map((_, i) => i + 1));
    const said = rounds * (PER_ROUND + 1);
    expect(heard.length).toBeLessThan(said);

    const url = `${place.wsUrl}?resume=1`;
    const back = await connect(url, { token: slow.tokens.access_token });
    back.send({ type: 8, data: { lobby: heard.length } });
    await back.next({ type: 8 });
    const missed = back.frames.filter((frame) => frame.room === 'lobby');
    expect(missed.map((frame) => frame.seq)).toEqual(
      Array.from({ length: said - heard.length }, (_, i) => heard.length + i + 1),
    );
  });

  it('misses who comes and goes before it misses a message, and stays [S31]', async () => {
    const bound = 4 * 1024 * 1024;
    const place = await startApp({ MAX_SEND_QUEUE_BYTES: String(bound) });
    const slow = await enter(place, 'slow');
    const other = await enter(place, 'other');
    const [connection] = place.app.get(ConnectionRegistry).ofPerson(slow.tokens.user.id);
    slow.socket.raw.pause();
    let said = 0;
    const say = async (data: string): Promise<void> => {
      other.socket.send({ type: 2, data, ref: `r${++said}` });
      await other.socket.next({ type: 2, data });
      await other.socket.next({ type: 6, ref: `r${said}` });
    };
    while ((connection?.channel.queuedBytes ?? bound) <= bound / 2) await say(`${said} ${TEXT}`);
    const { tokens } = await enter(place, 'newcomer');
    await other.socket.next({ type: 4, user: tokens.user });
    await say('and then');
    slow.socket.raw.resume();

    await slow.socket.next({ type: 2, data: 'and then' });
    const heard = slow.socket.frames.filter((frame) => frame.room === 'lobby');
    expect(heard.map((frame) => frame.seq)).toEqual(Array.from({ length: said }, (_, i) => i + 1));
    expect(slow.socket.frames.some((frame) => frame.user?.username === 'newcomer')).toBe(false);
    expect(connection?.open).toBe(true);
  });
});
