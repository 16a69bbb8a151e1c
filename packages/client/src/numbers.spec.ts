import { describe, expect, it } from '@jest/globals';
import { BOB, directMessage, roomMessage } from './testing/scripted-service.js';
import { stageForEach } from './testing/stage.js';

const stage = stageForEach();

describe('A client that does not know all types', () => {
  it('passes over a number whose type it does not know: it is filled, and no gap', async () => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    const reaction = {
      type: 77,
      user: BOB,
      room: 'lobby',
      target: 1,
    };
    peer.send({ ...reaction, seq: 4, id: 'r', time: 4, data: { '👍': { count: 1 } } });
    peer.send(roomMessage(5));
    await under.untilHeard(1);
    expect(under.heard).toEqual(['lobby 5 message 5']);
    expect([under.client.position('lobby'), peer.unread]).toEqual([5, 0]);
  });

  it('passes over such a number in private, too, from either side', async () => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    peer.send(directMessage(1));
    peer.send({ type: 77, user: BOB, to: 'alice', target: 1, data: 'x', seq: 2, id: 'e', time: 2 });
    peer.send({ type: 99, user: under.client.self, to: 'bob', seq: 3, id: 'u', time: 3 });
    peer.send(directMessage(4));
    await under.untilHeard(2);
    expect([under.client.position('@bob'), peer.unread]).toEqual([4, 0]);
  });

  it('asks for what lies before a number of an unknown type, as before any other', async () => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    peer.send({ type: 77, user: null, room: 'lobby', seq: 5, id: 'r', time: 5 });
    expect(await peer.next()).toMatchObject({ type: 8, data: { lobby: 3 } });
  });

  it.each([
    ['a Read mark', { type: 11, user: BOB, room: 'lobby', seq: 4 }],
    ['a frame without a number', { type: 10, user: null, room: 'lobby', data: [], total: 0 }],
    ['a frame of nowhere', { type: 20, user: null, seq: 4 }],
  ])('does not take %s for one that fills a number', async (_, frame) => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    peer.send(frame, roomMessage(4));
    await under.untilHeard(1);
    expect([under.heard, peer.unread]).toEqual([['lobby 4 message 4'], 0]);
  });

  it('takes a page for all that there is between its ends', async () => {
    const { service, under } = stage();
    const log = [1, 2, 5, 8].map((seq) => roomMessage(seq));
    service.answers.set('GET /rooms/lobby/messages', (query) => {
      const after = Number(query.get('after'));
      const items = log.filter(({ seq }) => seq > after && seq <= after + 3);
      const last = Math.min(after + 3, 10);
      return { status: 200, body: { items, head: 10, next_after: last < 10 ? last : null } };
    });
    const first = await under.goOnline(1);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(10);
    const sync = await second.next();
    const current = under.untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 10, complete: false } } });
    await current;
    expect(under.heard.map((line) => Number(line.split(' ')[1]))).toEqual([2, 5, 8]);
    expect([under.client.position('lobby'), second.unread]).toEqual([10, 0]);
  });
});
