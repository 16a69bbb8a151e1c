import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, join, logout, type Member, register } from '../../support/people.js';
import type { Frame } from '../../support/ws-client.js';

describe('A stranger', () => {
  let place: RunningApp;
  let ann: Member;
  let ben: Member;
  let eve: Member;
  /** Names under which somebody might look for what Ann and Ben say to each other. */
  let existing: readonly string[];

  beforeAll(async () => {
    place = await startApp();
    ann = await enter(place, 'ann');
    ben = await enter(place, 'ben');
    eve = await enter(place, 'eve');
    ann.socket.send({ type: 3, to: 'ben', data: 'between us', ref: 'secret' });
    await ann.socket.next({ type: 6, ref: 'secret' });
    const ids = [ann, ben].map(({ tokens }) => tokens.user.id).sort();
    existing = [ids.join(':'), `direct:${ids.join(':')}`, 'room:lobby', 'ann:ben'];
  });

  async function answer(frame: object): Promise<Frame> {
    eve.socket.send(frame);
    return await eve.socket.next({ type: 7 });
  }

  it.each([
    ['sends to', (room: string) => ({ type: 2, data: 'x', room })],
    ['asks for what was missed in', (room: string) => ({ type: 8, data: { [room]: 0 } })],
    ['types in', (room: string) => ({ type: 10, room })],
  ])(
    'who %s a room of others hears the same as of one that is not there [S8]',
    async (_, frame) => {
      const none = await answer(frame('there-is-none'));
      expect(none).toMatchObject({ type: 7, code: expect.any(String), retryable: false });
      for (const room of existing) expect(await answer(frame(room))).toEqual(none);
      await ben.socket.roundTrip();
      expect(ben.socket.frames.some(({ data }) => data === 'x')).toBe(false);
    },
  );

  it('who asks for a conversation with Ann gets the own one, and nothing of what she said to Ben [S11]', async () => {
    eve.socket.send({ type: 8, data: { '@ann': 0, '@ben': 0 }, ref: 'mine' });
    expect((await eve.socket.next({ type: 8, ref: 'mine' })).data).toEqual({
      '@ann': { seq: 0, complete: true },
      '@ben': { seq: 0, complete: true },
    });
    for (const name of ['ann', 'ben']) {
      const response = await fetch(`${place.url}/direct/${name}/messages`, {
        headers: { authorization: `Bearer ${eve.tokens.access_token}` },
      });
      expect(await response.json()).toMatchObject({ items: [], head: 0 });
    }
    expect(JSON.stringify(eve.socket.frames)).not.toContain('between us');
  });
});

describe('Somebody whose session was ended', () => {
  it('gets nothing that is said afterwards, neither in the room nor in private [S9]', async () => {
    const place = await startApp();
    const ann = await enter(place, 'ann');
    // A guest who said nothing would be gone with the session, and not to be written to.
    const tokens = await register(place, 'outcast');
    const sockets = [await join(place, tokens), await join(place, tokens)];
    await logout(place, tokens.access_token);
    ann.socket.send({ type: 2, data: 'to all, afterwards', ref: 'a' });
    ann.socket.send({ type: 3, to: 'outcast', data: 'in private, afterwards', ref: 'b' });
    await ann.socket.take(2, { type: 6 });
    for (const socket of sockets) {
      await socket.closed();
      expect(JSON.stringify(socket.frames)).not.toContain('afterwards');
    }
  });
});
