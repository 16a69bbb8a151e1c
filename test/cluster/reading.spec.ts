import { beforeAll, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { type Node, SharedStore, startNode } from '../support/nodes.js';
import { enter, join } from '../support/people.js';
import { api } from '../support/reading.js';
import { redisPlace } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';

const { Read } = FrameType;

describeWith('redis-server', 'What is read on two nodes', () => {
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    const [store, place] = [await SharedStore.open(), await redisPlace()];
    [here, there] = [await startNode(store, place), await startNode(store, place)];
  });

  it('is told to devices and partners on the other one, and a room of both in one frame', async () => {
    const ann = await enter(here, 'ann');
    const second = await join(there, ann.tokens);
    const bob = await enter(there, 'bob');
    bob.socket.send({ type: 3, to: 'ann', data: 'hi' });
    const { seq } = await ann.socket.next({ type: 3 });
    ann.socket.send({ type: Read, to: 'bob', seq });
    expect(await second.next({ type: Read, to: 'bob' })).toMatchObject({ seq, unread: 0 });
    expect(await bob.socket.next({ type: Read })).toEqual({
      ...{ type: Read, user: ann.tokens.user, to: 'bob', seq },
    });
    bob.socket.send({ type: 2, data: 'hi' });
    const inRoom = await ann.socket.next({ type: 2, data: 'hi' });
    ann.socket.send({ type: Read, seq: inRoom.seq });
    const receipts = await bob.socket.next({ type: Read, room: 'lobby' });
    expect(receipts.data).toEqual({ [ann.tokens.user.id]: inRoom.seq });
  });

  it('is set back on one, and what the other one had not written does not undo it', async () => {
    const cleo = await enter(here, 'cleo');
    const second = await join(there, cleo.tokens);
    const dan = await enter(here, 'dan');
    for (let n = 1; n <= 5; n++) dan.socket.send({ type: 3, to: 'cleo', data: String(n) });
    await second.take(5, { type: 3 });
    cleo.socket.send({ type: Read, to: 'dan', seq: 5, ref: 'all' });
    await second.next({ type: Read, to: 'dan', seq: 5 });
    second.send({ type: Read, to: 'dan', seq: 3, unread: true, ref: 'back' });
    expect(await second.next({ ref: 'back' })).toMatchObject({ seq: 2, unread: 3 });
    await cleo.socket.next({ type: Read, to: 'dan', seq: 2 });
    // What each node wrote since then is in the store: a mark behind it waited for its second.
    cleo.socket.send({ type: Read, data: { lobby: 1, '@dan': 1 }, ref: 'later' });
    expect((await cleo.socket.next({ ref: 'later' })).data).toMatchObject({ '@dan': 2 });
    for (const node of [here, there]) {
      const listed = await api(node, cleo.tokens).conversations();
      expect(listed.get('@dan')).toMatchObject({ read: 2, unread: 3 });
    }
  });
});
