import { describe, expect, it } from '@jest/globals';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { startApp } from '../../support/app.js';
import { enter, guest } from '../../support/people.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { startProxy } from '../../support/tcp-proxy.js';
import { onEachTransport } from '../../support/transports.js';
import type { AnyClient } from '../../support/ways-in.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';

const ROUNDS = 25;

function numbers(frames: readonly Frame[]): readonly number[] {
  return frames.filter((frame) => frame.type === 3).map((frame) => frame.seq ?? 0);
}

function expectNoHole(seqs: readonly number[]): void {
  expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
}

/** Somebody who does not stop writing to somebody else until the returned function is called. */
function flood(socket: ChatSocket, to: string): () => Promise<void> {
  const talk = { isOver: false };
  const writing = (async () => {
    for (let i = 0; !talk.isOver; i++) {
      for (let j = 0; j < 4; j++) socket.send({ type: 3, to, data: 'x', ref: `${i}.${j}` });
      await socket.take(4, { type: 6 });
    }
  })();
  return async () => {
    talk.isOver = true;
    await writing;
  };
}

onEachTransport((clients) => {
  describe('Somebody who comes while another goes on writing to them', () => {
    it('gets each private message once, in order, each time', async () => {
      const place = await startApp();
      const ann = await enter(place, 'ann');
      const ben = await guest(place, 'ben');
      const stop = flood(ann.socket, 'ben');
      for (let round = 0; round < ROUNDS; round++) {
        const back = await clients.join(place, ben);
        await back.take(5, { type: 3 });
        await back.close();
        expectNoHole(numbers(back.frames));
      }
      await stop();
    });

    it('is sent away for a moment where the log cannot be read', async () => {
      const place = await startApp();
      const ann = await enter(place, 'ann');
      const ben = await guest(place, 'ben');
      ann.socket.send({ type: 3, to: 'ben', data: 'while away', ref: 'r' });
      await ann.socket.next({ type: 6 });
      const store = place.app.get(EventLog);
      const page = store.page.bind(store);
      store.page = () => Promise.reject(new Error('the disk is gone'));
      const back = await clients.join(place, ben);
      expect(await back.ended()).toBe(true);
      store.page = page;
      const again: AnyClient = await clients.join(place, ben);
      expect(await again.next({ type: 3 })).toMatchObject({ seq: 1, data: 'while away' });
    });
  });
});

describe('A Socket.IO client that comes back while another goes on writing to it', () => {
  it('gets each private message once, in order, over all of its connections', async () => {
    // A quick machine says more than the usual thousand until the client comes back.
    const place = await startApp({ MAX_SYNC_MESSAGES: '10000' });
    const proxy = await startProxy(Number(new URL(place.url).port));
    const ann = await enter(place, 'ann');
    const ben = await joinBySocketIo(proxy, await guest(place, 'ben'), {
      transports: ['websocket'],
    });
    const stop = flood(ann.socket, 'ben');
    for (let round = 0; round < ROUNDS; round++) {
      await ben.take(3, { type: 3 });
      const back = ben.until('connect');
      proxy.reset();
      await back;
      expect(ben.raw.recovered).toBe(true);
    }
    await stop();
    ann.socket.send({ type: 3, to: 'ben', data: 'the end' });
    await ben.next({ data: 'the end' });
    expectNoHole(numbers(ben.frames));
    expect(numbers(ben.frames)[0]).toBe(1);
  });
});
