import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MessageFrame } from '@parley/protocol';
import type { ChatEvents } from '../chat-events.js';
import type { Conversation } from '../conversation.js';
import { Emitter } from '../emitter.js';
import { type ConversationSummary, RestClient } from '../rest.js';
import { ALICE, BOB, CAROL, joinOf, partOf, roleOf, roomChange } from '../testing/room-entries.js';
import { ChatStore } from './chat-store.js';

function said(seq: number, room = 'dev'): MessageFrame {
  return { type: 2, user: BOB, room, data: `m${seq}`, id: `id-${seq}`, seq, time: seq };
}

function listed(room: string, seq: number, more: Partial<ConversationSummary> = {}) {
  const me = { role: 'member', may: ['read', 'send'] } as const;
  const counts = { seq, n: seq, read: seq, unread: 0, mentions: 0 };
  return { room, title: null, ...counts, level: 'all', muted_until: null, last: null, me, ...more };
}

describe('The store of a chat', () => {
  let events: Emitter<ChatEvents>;
  let store: ChatStore;
  /** What the service answers, by path. */
  let answers: Record<string, object>;
  let learned: string[];
  let told: (Conversation | null)[];

  beforeEach(() => {
    events = new Emitter();
    [learned, told] = [[], []];
    answers = { '/conversations': { items: [], next: null } };
    const rest = new RestClient('http://service', (url) => {
      const { pathname } = new URL(url instanceof Request ? url.url : url);
      const answer = answers[pathname];
      return Promise.resolve(Response.json(answer ?? {}, { status: answer ? 200 : 404 }));
    });
    store = new ChatStore({
      ...{ events, self: ALICE, read: () => true, position: () => 7 },
      learn: (conversation, head) => learned.push(`${conversation} ${String(head)}`),
      ask: (call) => call(rest, 'a token'),
    });
    store.subscribe((changed) => told.push(changed));
  });

  const list = (...items: readonly object[]): void => {
    answers['/conversations'] = { items, next: null };
  };
  const names = (): readonly string[] => store.conversations().map(({ name }) => name);
  const enter = (conversation: string, frame: ChatEvents['entry']['frame']): void => {
    events.emit('entry', { conversation, frame });
  };
  const hear = (frame: MessageFrame): void => {
    const conversation = 'room' in frame ? frame.room : '@bob';
    events.emit('message', { conversation, frame });
  };

  it('reads the list of conversations when what was missed has come', async () => {
    const last = { user: BOB, data: 'hi', seq: 4, time: 40 };
    list(listed('dev', 4, { title: 'Development', last, unread: 2, read: 2, mentions: 1 }));
    events.emit('state', { name: 'online' } as unknown as ChatEvents['state']);
    events.emit('current', undefined);
    await store.refresh();
    expect(store.conversation('dev')).toMatchObject({
      ...{ title: 'Development', role: 'member', may: ['read', 'send'], seq: 4, read: 2 },
      ...{ unread: 2, mentions: 1, last },
    });
    expect(learned).toContain('dev 4');
  });

  it('has them in the order of their last messages', async () => {
    list(listed('one', 3), listed('dev', 3));
    await store.refresh();
    hear(said(4, 'one'));
    hear(said(5, 'dev'));
    expect(names()).toEqual(['dev', 'one']);
  });

  it('counts what comes as unread, and has it among the messages', async () => {
    list(listed('dev', 7));
    await store.refresh();
    told.length = 0;
    hear(said(8));
    expect(store.conversation('dev')).toMatchObject({ unread: 1, last: { data: 'm8' }, seq: 8 });
    expect(store.messages('dev')).toMatchObject([{ seq: 8, text: 'm8', deleted: null }]);
    enter('dev', { type: 13, user: BOB, room: 'dev', target: 8, seq: 9, id: 'd', time: 9 });
    expect(store.conversation('dev')?.unread).toBe(0);
    expect(store.messages('dev')).toMatchObject([{ seq: 8, text: '', deleted: { seq: 9 } }]);
    expect(new Set(told)).toEqual(new Set(['dev']));
  });

  it('joins messages of a page with those that came', async () => {
    hear(said(8));
    answers['/rooms/dev/messages'] = { items: [said(6), said(7)], head: 8, next_after: null };
    await store.loadMessages('dev', { before: 8 });
    expect(store.messages('dev').map(({ seq }) => seq)).toEqual([6, 7, 8]);
  });

  it('knows who is in a room, and as what', async () => {
    const items = [ALICE, BOB].map((user) => ({ user, role: 'member', since: 1 }));
    answers['/rooms/dev/members'] = { items, next: null };
    await store.loadMembers('dev');
    enter('dev', joinOf(CAROL, 8));
    enter('dev', partOf(BOB, 9));
    enter('dev', roleOf(ALICE, 'moderator', 10));
    expect(store.members('dev').map(({ user, role }) => `${user.username} ${role}`)).toEqual([
      'alice moderator',
      'carol member',
    ]);
    expect(store.conversation('dev')?.role).toBe('moderator');
  });

  it('follows what a room is and is called, with everything that is known of it', async () => {
    list(listed('dev', 7));
    await store.refresh();
    hear(said(8));
    list(listed('ops', 9, { title: 'Operations', read: 7, unread: 1 }));
    events.emit('renamed', { conversation: 'ops', was: 'dev' });
    enter('ops', roomChange(9, 'ops', { was: 'dev', title: 'Operations', topic: 'work' }));
    enter('ops', roomChange(5, 'ops', { title: 'old' }));
    await store.refresh();
    expect(names()).toEqual(['ops']);
    expect(store.conversation('ops')).toMatchObject({
      ...{ name: 'ops', title: 'Operations', room: { topic: 'work' }, unread: 1 },
    });
    expect(store.messages('ops')).toHaveLength(1);
  });

  it('loses a room that one leaves, and has one again that one enters', async () => {
    enter('dev', joinOf(ALICE, 8));
    expect(names()).toEqual(['dev']);
    enter('dev', partOf(ALICE, 9));
    events.emit('left', { conversation: 'dev' });
    list();
    await store.refresh();
    expect(names()).toEqual([]);
  });

  it('loses a room that the list has no longer, but not one that was entered meanwhile', async () => {
    list(listed('dev', 7), listed('ops', 7), listed('old', 7));
    await store.refresh();
    list(listed('ops', 7));
    let hasDev = true;
    const refreshed = store.refresh();
    enter('dev', joinOf(ALICE, 30));
    store.subscribe(() => {
      hasDev &&= names().includes('dev');
      list(listed('ops', 7), listed('dev', 30));
    });
    await refreshed;
    expect([hasDev, [...names()].sort()]).toEqual([true, ['dev', 'ops']]);
  });

  it('tells who is typing, and how many a large room has', () => {
    hear(said(8));
    events.emit('typing', { conversation: 'dev', people: [BOB], total: 1 });
    events.emit('count', { type: 18, room: 'dev', data: { members: 4_321 } });
    expect(store.conversation('dev')).toMatchObject({
      ...{ typing: { people: [BOB], total: 1 }, memberCount: 4_321 },
    });
    events.emit('typing', { conversation: 'nowhere', people: [BOB], total: 1 });
    expect(names()).toEqual(['dev']);
  });

  it('forgets what was skipped, and what a restored log does not have', () => {
    for (const seq of [6, 7, 8]) hear(said(seq));
    events.emit('reset', { conversation: 'dev', head: 7 });
    expect(store.messages('dev').map(({ seq }) => seq)).toEqual([6, 7]);
    events.emit('skipped', { conversation: 'dev', head: 90 });
    expect(store.messages('dev')).toEqual([]);
  });

  it('gives the same objects until something changes', async () => {
    list(listed('dev', 7), listed('ops', 7));
    await store.refresh();
    const [dev, ops] = [store.conversation('dev'), store.conversation('ops')];
    hear(said(8));
    expect(store.conversation('ops')).toBe(ops);
    expect(store.conversation('dev')).not.toBe(dev);
  });
});
