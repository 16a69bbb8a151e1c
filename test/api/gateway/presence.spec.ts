import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join } from '../../support/people.js';
import { onEachTransport } from '../../support/transports.js';
import type { Frame } from '../../support/ws-client.js';

function names(frame: Frame): readonly string[] {
  const list = JSON.parse(String(frame.data)) as { username: string }[];
  return list.map((person) => person.username).sort();
}

onEachTransport(({ enter, join }) => {
  describe('Presence', () => {
    let place: RunningApp;

    beforeAll(async () => {
      place = await startApp({ PRESENCE_GRACE: '0.2' });
    });

    it('tells everybody who enters, with the time, on the first connection only', async () => {
      const watcher = await enter(place, 'watcher');
      const ann = await enter(place, 'ann');
      expect(await watcher.socket.next({ type: 4, user: ann.tokens.user })).toEqual({
        type: 4,
        user: ann.tokens.user,
        data: 'ann entered the chat',
        time: expect.any(Number),
      });
      await join(place, ann.tokens);
      await enter(place, 'after-ann');
      await watcher.socket.next(
        (frame) => frame.type === 4 && frame.user?.username === 'after-ann',
      );
      const entered = watcher.socket.frames.filter(
        (frame) => frame.type === 4 && frame.user?.username === 'ann',
      );
      expect(entered).toHaveLength(1);
    });

    it('tells everybody who leaves, when the last connection has been gone for a while', async () => {
      const watcher = await enter(place, 'observer');
      const bea = await enter(place, 'bea');
      const second = await join(place, bea.tokens);
      await bea.socket.close();
      await watcher.socket.roundTrip();
      expect(watcher.socket.frames.some((frame) => frame.type === 5)).toBe(false);
      await second.close();
      expect(await watcher.socket.next({ type: 5, user: bea.tokens.user })).toEqual({
        type: 5,
        user: bea.tokens.user,
        data: 'bea left the chat',
        time: expect.any(Number),
      });
    });
  });
});

describe('Presence', () => {
  it('hides a reconnect', async () => {
    const calm = await startApp({ PRESENCE_GRACE: '5' });
    const watcher = await enter(calm, 'watcher');
    const cleo = await enter(calm, 'cleo');
    await watcher.socket.next({ type: 4, user: cleo.tokens.user });
    await cleo.socket.terminate();
    await join(calm, cleo.tokens);
    await enter(calm, 'marker');
    await watcher.socket.next((frame) => frame.type === 4 && frame.user?.username === 'marker');
    const about = watcher.socket.frames.filter(
      (frame) => (frame.type === 4 || frame.type === 5) && frame.user?.username === 'cleo',
    );
    expect(about).toHaveLength(1);
  });

  it('lists people, not sockets, as JSON text within the JSON', async () => {
    const fresh = await startApp();
    const dan = await enter(fresh, 'dan');
    await join(fresh, dan.tokens);
    const eli = await enter(fresh, 'eli');
    await eli.socket.next({ type: 4, user: eli.tokens.user });
    eli.socket.send({ type: 1, ref: 'list' });
    const frame = await eli.socket.next({ type: 1, ref: 'list' });
    expect(frame.user).toBeNull();
    expect(JSON.parse(String(frame.data))).toEqual(
      expect.arrayContaining([
        { ...dan.tokens.user, connections: 2 },
        { ...eli.tokens.user, connections: 1 },
      ]),
    );
  });

  it('pushes the list to everybody when it changes, while few are here', async () => {
    const fresh = await startApp();
    const first = await enter(fresh, 'first');
    await enter(fresh, 'second');
    await first.socket.next((frame) => frame.type === 1 && names(frame).length === 2);
  });

  it('pushes few lists for many arrivals, and none where many are here', async () => {
    const fresh = await startApp({ PRESENCE_LIST_MAX: '10' });
    const first = await enter(fresh, 'first');
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, i) => guest(fresh, `crowd${i}`)),
    );
    const crowd = await Promise.all(tokens.map((one) => join(fresh, one)));
    const last = crowd.at(-1);
    // In a large room a list may be a second old.
    for (let listed = 0; listed < 31;) {
      last?.send({ type: 1, ref: 'all' });
      const list = await last?.next({ type: 1, ref: 'all' });
      listed = list ? names(list).length : 31;
    }
    await first.socket.roundTrip();
    const lists = first.socket.frames.filter((frame) => frame.type === 1);
    expect(lists.length).toBeLessThan(5);
    for (const frame of lists) expect(names(frame).length).toBeLessThanOrEqual(10);
  });

  it('speaks Chinese where it is told to', async () => {
    const chinese = await startApp({ LOCALE: 'zh' });
    const { socket } = await enter(chinese, '张三');
    expect(socket.frames[0]?.data).toBe('欢迎来到聊天室');
    await socket.next({ type: 4, data: '张三进入了聊天室' });
  });
});
