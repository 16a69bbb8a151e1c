import { describe, expect, it } from '@jest/globals';
import { type ConversationKey, directKey, roomKey } from '../../src/chat/conversations/key.js';
import { LOBBY } from '../../src/chat/conversations/lobby.js';
import { EventLog } from '../../src/chat/log/event-log.js';
import { SqliteDatabase } from '../../src/engines/sqlite/sqlite-database.js';
import type { Worker } from 'node:worker_threads';
import { type RunningApp, startApp } from '../support/app.js';
import { until } from '../support/bounded.js';
import { enter, type Member } from '../support/people.js';
import type { Frame } from '../support/ws-client.js';

/** A thread of the database, as it is now. */
function threadOf({ app }: RunningApp, role: 'writer' | 'reader'): Worker {
  const database = app.get(SqliteDatabase, { strict: false });
  return Reflect.get(Reflect.get(database, role) as object, 'worker') as Worker;
}

/** Has what the thread answers from here on lost. It goes on with what it is asked for. */
function deafen(service: RunningApp): void {
  threadOf(service, 'writer').removeAllListeners('message');
}

async function untilHead(service: RunningApp, key: ConversationKey, head: number): Promise<void> {
  const store = service.app.get(EventLog, { strict: false });
  const look = async (): Promise<true | null> =>
    ((await store.heads([key])).get(key) ?? 0) >= head ? true : null;
  await until(look, `the head to be ${String(head)}`, () => 'it is not');
}

/** Ann's private message to Bob is stored, and nobody hears of it. */
async function storeUnanswered(): Promise<{ service: RunningApp; ann: Member; bob: Member }> {
  const service = await startApp();
  const ann = await enter(service, 'ann');
  const bob = await enter(service, 'bob');
  deafen(service);
  ann.socket.send({ type: 3, to: 'bob', data: 'secret', ref: 'first' });
  await untilHead(service, directKey(ann.tokens.user.id, bob.tokens.user.id), 1);
  return { service, ann, bob };
}

/** Sends until it is acknowledged, as a client does. */
async function say({ socket }: Member, data: string, ref: string): Promise<Frame> {
  const look = async (): Promise<Frame | null> => {
    socket.send({ type: 2, data, ref });
    const answer = await socket.next((frame) => frame.ref === ref);
    if (answer.type === 6) return answer;
    expect(answer).toMatchObject({ type: 7, code: 'store-unavailable', retryable: true });
    return null;
  };
  return await until(look, 'an acknowledgement', () => 'refusals');
}

function heard({ socket }: Member): readonly unknown[] {
  return socket.frames
    .filter((frame) => frame.type === 2 && frame.user !== null)
    .map(({ seq, data }) => [seq, data]);
}

describe('when the thread that writes dies', () => {
  it('between its commit and its answer, what it stored is published and acknowledged', async () => {
    const service = await startApp();
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    deafen(service);
    ann.socket.send({ type: 2, data: 'stored', ref: 'first' });
    ann.socket.send({ type: 2, data: 'without a ref' });
    await untilHead(service, roomKey(LOBBY), 2);
    await threadOf(service, 'writer').terminate();

    expect(await bob.socket.next({ data: 'stored' })).toMatchObject({ seq: 1 });
    expect(await bob.socket.next({ data: 'without a ref' })).toMatchObject({ seq: 2 });
    const ack = await ann.socket.next({ type: 6, ref: 'first' });
    expect(ack).toMatchObject({ seq: 1 });
    expect(ann.socket.frames.filter((frame) => frame.type === 7)).toEqual([]);

    const again = await say(ann, 'stored', 'first');
    expect(again).toMatchObject({ id: ack.id, seq: 1 });
    expect(await say(ann, 'after', 'second')).toMatchObject({ seq: 3 });
    await bob.socket.next({ data: 'after' });
    const all = [
      [1, 'stored'],
      [2, 'without a ref'],
      [3, 'after'],
    ];
    expect(heard(bob)).toEqual(all);
    expect(heard(ann)).toEqual(all);
  });

  it('the same holds for a private message', async () => {
    const { service, ann, bob } = await storeUnanswered();
    await threadOf(service, 'writer').terminate();
    expect(await bob.socket.next({ type: 3 })).toMatchObject({ seq: 1, data: 'secret' });
    expect(await ann.socket.next({ ref: 'first' })).toMatchObject({ type: 6, seq: 1 });
    ann.socket.send({ type: 3, to: 'bob', data: 'secret', ref: 'first' });
    await ann.socket.next({ ref: 'first' });
    await bob.socket.roundTrip();
    expect(bob.socket.frames.filter((frame) => frame.type === 3)).toHaveLength(1);
  });

  it('and nothing can be read back, a private message reaches also the author who was refused', async () => {
    const { service, ann, bob } = await storeUnanswered();
    const threads = [threadOf(service, 'reader'), threadOf(service, 'writer')];
    await Promise.all(threads.map(async (thread) => thread.terminate()));
    expect(await ann.socket.next({ ref: 'first' })).toMatchObject({
      type: 7,
      code: 'store-unavailable',
      retryable: true,
    });

    // The next that is written brings to light what became of the one before.
    await say(bob, 'later', 'later');
    expect(await bob.socket.next({ type: 3 })).toMatchObject({ seq: 1, data: 'secret' });
    expect(await ann.socket.next({ type: 3 })).toMatchObject({ seq: 1, data: 'secret' });
  });

  it('before it stored anything, the message is refused, and stored once when it is sent again', async () => {
    const service = await startApp();
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    await threadOf(service, 'writer').terminate();
    ann.socket.send({ type: 2, data: 'hello', ref: 'first' });
    expect(await ann.socket.next({ ref: 'first' })).toMatchObject({
      type: 7,
      code: 'store-unavailable',
      retryable: true,
    });
    expect(await say(ann, 'hello', 'first')).toMatchObject({ seq: 1 });
    await bob.socket.next({ data: 'hello' });
    expect(heard(bob)).toEqual([[1, 'hello']]);
  });
});
