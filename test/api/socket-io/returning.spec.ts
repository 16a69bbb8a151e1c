import { describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { bounded } from '../../support/bounded.js';
import { enter, guest, type Tokens } from '../../support/people.js';
import { wave } from '../../support/later-version.js';
import { startService } from '../../support/service.js';
import {
  type ClientOptions,
  joinBySocketIo,
  type SocketIoClient,
} from '../../support/socket-io-client.js';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';

const WAYS: readonly (readonly [string, ClientOptions])[] = [
  ['a WebSocket', { transports: ['websocket'] }],
  ['long polling', { transports: ['polling'] }],
];

async function say(socket: ChatSocket, text: string, more: object = {}): Promise<void> {
  socket.send({ type: 2, data: text, ref: `${text} ${JSON.stringify(more)}`, ...more });
  await socket.next({ type: 6 });
}

function numbers(frames: readonly Frame[], type: number, from: string): readonly unknown[] {
  return frames
    .filter((frame) => frame.type === type && frame.user?.username === from)
    .map((frame) => frame.seq);
}

/** The network is gone until the returned function is called. */
async function loseNetwork(proxy: TcpProxy, client: SocketIoClient): Promise<() => Promise<void>> {
  const gone = client.until('disconnect');
  proxy.goDown();
  await gone;
  return async () => {
    const back = client.until('connect');
    proxy.comeUp();
    await back;
  };
}

/** A client behind a network that can fail. */
async function arrive(
  tokens: Tokens,
  proxy: TcpProxy,
  options: ClientOptions = {},
): Promise<SocketIoClient> {
  const client = await joinBySocketIo(proxy, tokens, { transports: ['websocket'], ...options });
  await client.roundTrip();
  return client;
}

describe.each(WAYS)('A Socket.IO client that comes back by %s', (_way, options) => {
  it('goes on behind what only a later version knows, live or missed', async () => {
    const place = await startApp();
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const tokens = await guest(place, 'ben');
    const ben = await arrive(tokens, proxy, options);
    const waveToBoth = async (): Promise<void> => {
      await wave(place, ann.tokens.user);
      await wave(place, ann.tokens.user, tokens.user);
    };
    await waveToBoth();
    await ben.take(2, { type: 99 });
    await ben.roundTrip();
    const backAgain = await loseNetwork(proxy, ben);
    await waveToBoth();
    await backAgain();
    expect((await ben.next({ type: 8 })).data).toMatchObject({
      lobby: { seq: 2, complete: true },
      '@ann': { seq: 2, complete: true },
    });
    expect(numbers(ben.frames, 99, 'ann')).toEqual([1, 1, 2, 2]);
  });

  it('is brought exactly what it missed, in the room and in private, without asking', async () => {
    const place = await startApp();
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const cat = await enter(place, 'cat');
    const ben = await arrive(await guest(place, 'ben'), proxy, options);
    await say(ann.socket, 'one');
    await say(ann.socket, 'for ben', { type: 3, to: 'ben' });
    await say(ann.socket, 'two');
    await ben.next({ data: 'two' });
    await ben.roundTrip();
    const { id } = ben.raw;
    const backAgain = await loseNetwork(proxy, ben);
    await say(ann.socket, 'three');
    await say(ann.socket, 'for ben, too', { type: 3, to: 'ben' });
    await say(cat.socket, 'and from cat', { type: 3, to: 'ben' });
    await say(ann.socket, 'four');
    await backAgain();
    expect([ben.raw.recovered, ben.raw.id]).toEqual([true, id]);
    const { data } = await ben.next({ type: 8 });
    expect(data).toMatchObject({
      lobby: { seq: 4, complete: true },
      '@ann': { seq: 2, complete: true },
      '@cat': { seq: 1, complete: true },
    });
    await say(ann.socket, 'five');
    await ben.next({ data: 'five' });
    expect(numbers(ben.frames, 2, 'ann')).toEqual([1, 2, 3, 4, 5]);
    expect(numbers(ben.frames, 3, 'ann')).toEqual([1, 2]);
    expect(numbers(ben.frames, 3, 'cat')).toEqual([1]);
  });

  it('is not brought what it said itself', async () => {
    const place = await startApp();
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const ben = await arrive(await guest(place, 'ben'), proxy, options);
    // Without a callback, whose answer would say where it stands.
    const told = new Promise((resolve) => ben.raw.once('offset', resolve));
    ben.raw.emit('2', { data: 'mine' });
    await bounded(told, 'where it stands', () => ben.seen());
    const backAgain = await loseNetwork(proxy, ben);
    await say(ann.socket, 'hers');
    await backAgain();
    await ben.next({ data: 'hers' });
    expect(numbers(ben.frames, 2, 'ben')).toEqual([]);
  });

  it('is told that it is not whole where too much was missed', async () => {
    const place = await startApp({ MAX_SYNC_MESSAGES: '3' });
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const ben = await arrive(await guest(place, 'ben'), proxy, options);
    const { id } = ben.raw;
    const backAgain = await loseNetwork(proxy, ben);
    for (let i = 0; i < 5; i++) await say(ann.socket, `m${i}`);
    await backAgain();
    expect(ben.raw.recovered).toBe(false);
    expect(ben.raw.id).not.toBe(id);
    expect((await ben.next({ type: 8 })).data).toEqual({
      lobby: { seq: 5, complete: false, after: 0 },
    });
    await say(ann.socket, 'live');
    await ben.next({ data: 'live' });
  });

  it('asks by itself where it says that it does', async () => {
    const place = await startApp();
    const ann = await enter(place, 'ann');
    for (const text of ['one', 'two', 'three']) await say(ann.socket, text);
    const auth = { token: (await guest(place, 'ben')).access_token, resume: '1' };
    const ben = await joinBySocketIo(place, ann.tokens, { ...options, auth });
    expect(await ben.ask(8, { data: { lobby: 1 } })).toEqual({
      data: { lobby: { seq: 3, complete: true } },
    });
    expect(numbers(ben.frames, 2, 'ann')).toEqual([2, 3]);
  });
});

describe('A Socket.IO client', () => {
  it('stores once what it repeats with `retries` because the answer was lost', async () => {
    const place = await startApp();
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const ben = await arrive(await guest(place, 'ben'), proxy, {
      retries: 9,
      ackTimeout: 5_000,
    });
    const text = 'said once';
    expect(await ben.raw.emitWithAck('2', { data: 'before' })).toMatchObject({ seq: 1 });
    proxy.holdBack('down');
    const answer = ben.raw.emitWithAck('2', { data: text });
    await ann.socket.next({ data: text });
    proxy.reset();
    proxy.letPass('down');
    expect(await answer).toMatchObject({ seq: 2 });
    // The same words again are another message.
    expect(await ben.raw.emitWithAck('2', { data: text })).toMatchObject({ seq: 3 });
    await ann.socket.next({ data: text });
  });

  it('stores once what it repeats with `retries` because the answer is late', async () => {
    const place = await startApp();
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ben = await arrive(await guest(place, 'ben'), proxy, {
      retries: 50,
      ackTimeout: 250,
    });
    proxy.holdBack('down');
    const first = ben.raw.emitWithAck('2', { data: 'again and again' });
    await new Promise<void>((resolve) => {
      let tries = 0;
      ben.raw.onAnyOutgoing(() => {
        if (++tries >= 3) resolve();
      });
    });
    proxy.letPass('down');
    expect(await first).toMatchObject({ seq: 1 });
    expect(await ben.raw.emitWithAck('2', { data: 'again and again' })).toMatchObject({ seq: 2 });
  });

  it.each(WAYS)('by %s says twice what it says twice at once', async (_way, options) => {
    const place = await startApp();
    const ann = await enter(place, 'ann');
    const ben = await joinBySocketIo(place, await guest(place, 'ben'), options);
    const seqs = await Promise.all([1, 2, 3].map(() => ben.ask(2, { data: 'yes' })));
    expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await ann.socket.take(3, { data: 'yes' });
  });

  it.each(WAYS)('by %s stores once what it repeats although it has the answer', async (_w, way) => {
    const place = await startApp();
    // Without `ackTimeout` every answer is a failure to it, and goes to the callback as its error.
    const ben = await joinBySocketIo(place, await guest(place, 'ben'), { ...way, retries: 3 });
    const seqs: unknown[] = [];
    for (const text of ['one', 'two', 'three']) {
      const answer = new Promise((resolve) => ben.raw.emit('2', { data: text }, resolve));
      seqs.push(await bounded(answer, 'an answer', () => ben.seen()));
    }
    expect(seqs).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  });

  it.each(WAYS)('by %s goes on after a restart, also after a crash', async (way, options) => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const ben = await joinBySocketIo(service, await guest(service, 'ben'), options);
    await say(ann.socket, 'before');
    await ben.next({ data: 'before' });
    for (const end of ['stop', 'kill'] as const) {
      const gone = ben.until('disconnect');
      await service[end]();
      await gone;
      await service.start();
      const back = await enter(service, `ann after ${end}`.replaceAll(' ', '-'));
      await say(back.socket, `after ${end}`);
      await ben.next({ data: `after ${end}` });
    }
    const seqs = ben.frames.filter((frame) => frame.room === 'lobby').map((frame) => frame.seq);
    expect(seqs).toEqual([1, 2, 3]);
    const afterCrash = way === 'a WebSocket' ? 'transport close' : 'transport error';
    expect(ben.partings).toEqual(['transport close', afterCrash]);
  });
});
