import { beforeAll, expect, it } from '@jest/globals';
import { ask, done, items } from '../api/messages/calls.js';
import { type Node, SharedStore, startNode } from '../support/nodes.js';
import { enter, join, type Member } from '../support/people.js';
import { redisPlace } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';

describeWith('redis-server', 'What becomes of messages on two nodes', () => {
  let here: Node;
  let there: Node;
  let ann: Member;
  let ben: Member;

  beforeAll(async () => {
    const [store, place] = [await SharedStore.open(), await redisPlace()];
    [here, there] = [await startNode(store, place), await startNode(store, place)];
    [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
  });

  it.each([
    ['in the lobby', { type: 2 }, {}],
    ['in private', { type: 3, to: 'ben' }, { to: 'ben' }],
  ])('is told on both, each at its number: %s', async (_where, message, place) => {
    const target = await done(ann.socket, { ...message, data: 'helo' });
    const isPrivate = 'to' in place;
    const back = isPrivate ? { to: 'ann' } : {};
    const told = [
      await done(ann.socket, { type: 12, ...place, target, data: 'hello' }),
      await done(ben.socket, { type: 14, ...back, target, data: '👍' }),
      await done(ann.socket, { type: 13, ...place, target }),
    ];
    for (const { socket } of [ann, ben]) {
      for (const [at, type] of [12, 14, 13].entries()) {
        expect(await socket.next({ type, seq: told[at] ?? 0 })).toMatchObject({ target });
      }
    }
    // Each node refuses what the other one has made impossible.
    expect(await ask(ben.socket, { type: 14, ...back, target, data: '🎉' })).toMatchObject({
      ...{ type: 7, code: 'message-deleted' },
    });
    for (const [node, { tokens }, path] of [
      [here, ann, isPrivate ? '/direct/ben/messages' : '/rooms/lobby/messages'],
      [there, ben, isPrivate ? '/direct/ann/messages' : '/rooms/lobby/messages'],
    ] as const) {
      expect((await items(node, tokens, path)).at(-1)).toMatchObject({
        ...{ seq: target, data: '', deleted: { seq: told[2], by: ann.tokens.user } },
      });
    }
  });

  it('is in no memory of a node after it was deleted on the other one [S58]', async () => {
    const target = await done(ann.socket, { type: 2, data: 'a secret' });
    await ben.socket.next({ type: 2, seq: target });
    const gone = await done(ann.socket, { type: 13, target });
    await ben.socket.next({ type: 13, seq: gone });
    const late = await join(there, ben.tokens);
    late.send({ type: 8, data: { lobby: target - 1 }, ref: 's' });
    await late.next({ type: 8, ref: 's' });
    expect(JSON.stringify(late.frames)).not.toContain('a secret');
    expect(late.frames.find(({ seq }) => seq === target)).toMatchObject({ data: '', deleted: {} });
  });

  it('is one event where two nodes react at once, or two, and every reaction counts', async () => {
    const target = await done(ann.socket, { type: 2, data: 'good news' });
    await ben.socket.next({ type: 2, seq: target });
    await Promise.all(
      [ann, ben].map(({ socket }) => done(socket, { type: 14, target, data: '🎉' })),
    );
    const [item] = (await items(there, ben.tokens, '/rooms/lobby/messages')).slice(-1);
    expect(item).toMatchObject({ seq: target, reactions: [{ key: '🎉', count: 2, me: true }] });
  });

  it('is followed and read in threads on either, and devices on the other one are told', async () => {
    const device = await join(there, ann.tokens);
    const root = await done(ann.socket, { type: 2, data: 'root' });
    await ben.socket.next({ type: 2, seq: root });
    const reply = await done(ben.socket, { type: 2, data: 'aside', thread: root });
    expect(await items(there, ann.tokens, '/threads')).toMatchObject([{ read: root, unread: 1 }]);
    ann.socket.send({ type: 11, thread: root, seq: reply });
    const mark = { type: 11, room: 'lobby', thread: root, seq: reply, unread: 0 };
    expect(await device.next({ type: 11 })).toEqual({ user: ann.tokens.user, ...mark });
    expect(await items(there, ann.tokens, '/threads')).toMatchObject([{ read: reply, unread: 0 }]);
  });
});
