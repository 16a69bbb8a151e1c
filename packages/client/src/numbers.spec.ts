import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientUnderTest } from './testing/client-under-test.js';
import { directMessage, roomMessage, ScriptedService } from './testing/scripted-service.js';

let service: ScriptedService;
let under: ClientUnderTest;

beforeEach(async () => {
  service = new ScriptedService();
  await service.start();
  under = new ClientUnderTest(service);
});

afterEach(async () => {
  under.leave();
  await service.stop();
});

describe('A client that does not know all types', () => {
  it('passes over a number whose type it does not know: it is filled, and no gap', async () => {
    const peer = await under.goOnline(3);
    const reaction = {
      type: 14,
      user: { id: 'id-bob', username: 'bob' },
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
    const peer = await under.goOnline(3);
    const bob = { id: 'id-bob', username: 'bob' };
    peer.send(directMessage(1));
    peer.send({ type: 12, user: bob, to: 'alice', target: 1, data: 'x', seq: 2, id: 'e', time: 2 });
    peer.send({ type: 99, user: under.client.self, to: 'bob', seq: 3, id: 'u', time: 3 });
    peer.send(directMessage(4));
    await under.untilHeard(2);
    expect([under.client.position('@bob'), peer.unread]).toEqual([4, 0]);
  });

  it('asks for what lies before a number of an unknown type, as before any other', async () => {
    const peer = await under.goOnline(3);
    peer.send({ type: 14, user: null, room: 'lobby', seq: 5, id: 'r', time: 5 });
    expect(await peer.next()).toMatchObject({ type: 8, data: { lobby: 3 } });
  });

  it.each([
    ['a Read mark', { type: 11, user: { id: 'id-bob', username: 'bob' }, room: 'lobby', seq: 4 }],
    ['a frame without a number', { type: 10, user: null, room: 'lobby', data: [], total: 0 }],
    ['a frame of nowhere', { type: 20, user: null, seq: 4 }],
  ])('does not take %s for one that fills a number', async (_, frame) => {
    const peer = await under.goOnline(3);
    peer.send(frame, roomMessage(4));
    await under.untilHeard(1);
    expect([under.heard, peer.unread]).toEqual([['lobby 4 message 4'], 0]);
  });

  it('takes a page for all that there is between its ends', async () => {
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
