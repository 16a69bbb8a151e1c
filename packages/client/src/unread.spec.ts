import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadCommand } from '@parley/protocol';
import type { ChatEvents } from './chat-events.js';
import { Emitter } from './emitter.js';
import type { ConversationSummary } from './rest.js';
import { ALICE, BOB } from './testing/scripted-service.js';
import { Unread } from './unread.js';

function listed(seq: number, read: number, unread = seq - read): ConversationSummary {
  const me = { role: 'member' as const, may: [] };
  return { room: 'lobby', seq, n: seq, read, unread, mentions: 0, ...LISTED, me };
}

const LISTED = { title: null, level: 'all', muted_until: null, last: null } as const;

function own(seq: number, unread: number) {
  return { type: 11, user: ALICE, room: 'lobby', seq, unread, mentions: 0 } as const;
}

describe('What is unread, as a client keeps it', () => {
  let sent: ReadCommand[];
  let told: string[];
  let events: Emitter<ChatEvents>;
  let unread: Unread;

  beforeEach(() => {
    [sent, told, events] = [[], [], new Emitter()];
    const read = (frame: ReadCommand): boolean => sent.push(frame) > 0;
    unread = new Unread({ events, read, self: ALICE, position: () => undefined });
    unread.events.on('changed', ({ conversation, seq, unread: count }) => {
      told.push(`${conversation} ${seq} ${count}`);
    });
  });

  function hear(conversation: string, seq: number, isOwn = false): void {
    const user = isOwn ? ALICE : BOB;
    const frame = { type: 2, user, room: conversation, data: 'x', id: 'm', seq, time: 1 } as const;
    events.emit('message', { conversation, frame });
  }

  const counts = (): readonly (number | undefined)[] => {
    const position = unread.get('lobby');
    return [position?.seq, position?.unread];
  };

  it('is nothing that is said in a thread alone', () => {
    unread.learn(listed(10, 7));
    const message = { type: 2, user: BOB, room: 'lobby', data: 'x', id: 'm', time: 1 } as const;
    const conversation = 'lobby';
    events.emit('message', { conversation, frame: { ...message, seq: 11, thread: 3 } });
    expect(counts()).toEqual([7, 3]);
    events.emit('message', { conversation, frame: { ...message, seq: 12, thread: 3, also: true } });
    expect(counts()).toEqual([7, 4]);
  });

  it('is what a list told, and what was heard since', () => {
    expect(counts()).toEqual([undefined, undefined]);
    unread.learn(listed(10, 7));
    hear('lobby', 11);
    hear('lobby', 11);
    expect(counts()).toEqual([7, 4]);
    hear('lobby', 12, true);
    expect(counts()).toEqual([12, 0]);
    expect(told).toEqual(['lobby 7 3', 'lobby 7 4', 'lobby 12 0']);
  });

  it('is not what is said in a thread alone, and the mark of a thread moves nothing else', () => {
    unread.learn(listed(10, 7));
    const reply = { type: 2, room: 'lobby', data: 'x', id: 'm', time: 1, thread: 5 } as const;
    events.emit('message', { conversation: 'lobby', frame: { ...reply, user: BOB, seq: 11 } });
    events.emit('message', { conversation: 'lobby', frame: { ...reply, user: ALICE, seq: 12 } });
    expect(counts()).toEqual([7, 3]);
    const also = { ...reply, also: true as const, user: BOB, seq: 13 };
    events.emit('message', { conversation: 'lobby', frame: also });
    expect(counts()).toEqual([7, 4]);
    const threads: unknown[] = [];
    unread.events.on('thread', (one) => threads.push(one));
    events.emit('read', { type: 11, user: ALICE, room: 'lobby', thread: 5, seq: 12, unread: 0 });
    expect(counts()).toEqual([7, 4]);
    expect(threads).toEqual([{ conversation: 'lobby', thread: 5, seq: 12, unread: 0 }]);
    unread.markThreadRead('lobby', 5, 13);
    expect(sent).toMatchObject([{ type: 11, room: 'lobby', thread: 5, seq: 13 }]);
  });

  it('goes by the mark that is moved here, at once', () => {
    unread.learn(listed(10, 7));
    for (const seq of [11, 12, 13]) hear('lobby', seq);
    unread.markRead('lobby', 12);
    expect(counts()).toEqual([12, 1]);
    unread.markRead('lobby', 11);
    expect(sent).toMatchObject([{ type: 11, room: 'lobby', seq: 12 }]);
    unread.markRead('@bob', 3);
    expect(sent[1]).toMatchObject({ type: 11, to: 'bob', seq: 3 });
  });

  it('goes by the mark that another device moves, forward and back', () => {
    unread.learn(listed(10, 7));
    for (const seq of [11, 12, 13]) hear('lobby', seq);
    // It counts what has not come here yet, which is counted when it comes.
    events.emit('read', own(12, 3));
    expect(counts()).toEqual([12, 1]);
    hear('lobby', 14);
    hear('lobby', 15);
    expect(counts()).toEqual([12, 3]);
    events.emit('read', own(4, 11));
    expect(counts()).toEqual([4, 11]);
    events.emit('read', { type: 11, user: ALICE, data: 'all' });
    expect(counts()).toEqual([15, 0]);
  });

  it('says a mark again after a reconnect until it is answered, or refused', () => {
    unread.markRead('lobby', 1);
    unread.markAllRead();
    unread.markUnread('@bob', 2);
    const refs = sent.map(({ ref = '' }) => ref);
    events.emit('read', { ...own(1, 0), ref: refs[0] ?? '' });
    const refusal = { type: 7, code: 'not-a-member', data: '', retryable: false } as const;
    events.emit('rejected', { ...refusal, ref: refs[1] ?? '' });
    events.emit('rejected', { ...refusal, ref: 'of a message' });
    sent.length = 0;
    const online = { name: 'online' } as unknown as ChatEvents['state'];
    events.emit('state', online);
    expect(sent).toMatchObject([{ type: 11, to: 'bob', seq: 2, unread: true, ref: refs[2] }]);
  });

  it('tells what others have read', () => {
    const receipts: unknown[] = [];
    unread.events.on('receipt', (receipt) => receipts.push(receipt));
    events.emit('read', { type: 11, user: BOB, to: 'alice', seq: 7 });
    events.emit('read', { type: 11, room: 'lobby', data: { 'id-bob': 9 } });
    expect(receipts).toEqual([
      { conversation: '@bob', userId: 'id-bob', seq: 7 },
      { conversation: 'lobby', userId: 'id-bob', seq: 9 },
    ]);
  });

  it('is bounded: numbers of old messages become a count, old conversations are forgotten', () => {
    for (let seq = 1; seq <= 5_000; seq++) hear('lobby', seq);
    expect(counts()).toEqual([0, 5_000]);
    for (let n = 1; n <= 1_000; n++) hear(`room ${n}`, 1);
    expect(counts()).toEqual([undefined, undefined]);
  });
});
