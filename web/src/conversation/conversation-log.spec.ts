import { describe, expect, it } from '@jest/globals';
import type { HistoryPage, PageQuery } from '@parley/client';
import type { MessageFrame } from '@parley/protocol';
import { ConversationLog } from './conversation-log.js';
import type { LogFrame } from './log-items.js';

function message(seq: number): MessageFrame {
  const user = { id: 'a', username: 'a' };
  return { type: 2, user, room: 'lobby', data: `${seq}`, id: `${seq}`, seq, time: seq };
}

function range(from: number, to: number): readonly MessageFrame[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
}

/** Somebody scrolls up. */
function readBack(log: ConversationLog): void {
  log.follow.placed(1_000);
  log.follow.see({ top: 500, end: 1_000 }, true);
}

/** A conversation of a service, and a log that looks at it. */
function setUp(head: number) {
  const service = { head, fails: false };
  const log = new ConversationLog((query: PageQuery): Promise<HistoryPage> => {
    if (service.fails) return Promise.reject(new Error('away'));
    const limit = query.limit ?? 50;
    const last = query.before === undefined ? service.head : query.before - 1;
    const items =
      query.after === undefined
        ? range(Math.max(1, last - limit + 1), last)
        : range(query.after + 1, Math.min(service.head, query.after + limit));
    return Promise.resolve({ items, head: service.head });
  }, 'self');
  const say = (count: number): void => {
    const frames = range(service.head + 1, service.head + count);
    service.head += count;
    log.receive(frames);
  };
  const shown = (): readonly number[] =>
    log.items.value.flatMap((item) => (item.kind === 'message' ? [item.seq] : []));
  const isWhole = (): boolean => {
    const seqs = shown();
    return seqs.every((seq, index) => index === 0 || seq === (seqs[index - 1] ?? 0) + 1);
  };
  return { service, log, say, shown, isWhole };
}

describe('ConversationLog', () => {
  it('shows the newest messages and goes on with those that come', async () => {
    const { log, say, shown } = setUp(500);
    await log.loadLatest();
    say(2);
    expect(shown()[0]).toBe(441);
    expect(shown().at(-1)).toBe(502);
    expect(log.isDetached.value).toBe(false);
  });

  it('joins what came while it was loading', async () => {
    const { log, say, shown, isWhole } = setUp(500);
    const loaded = log.loadLatest();
    say(3);
    await loaded;
    expect(shown().at(-1)).toBe(503);
    expect(isWhole()).toBe(true);
  });

  it('shows what was said between the reading of a page and of its head', async () => {
    const answers = [
      { items: [], head: 1 },
      { items: range(1, 1), head: 1 },
    ];
    const log = new ConversationLog(
      () => Promise.resolve(answers.shift() ?? { items: [], head: 0 }),
      'self',
    );
    await log.loadLatest();
    log.receive(range(1, 1));
    await Promise.resolve();
    await Promise.resolve();
    expect(log.items.value.map((item) => item.key)).toEqual(['m1']);
    expect(log.isDetached.value).toBe(false);
  });

  it('loads older messages up to the first', async () => {
    const { log, shown, isWhole } = setUp(130);
    await log.loadLatest();
    while (log.hasOlder.value) await log.loadOlder();
    expect(shown()).toHaveLength(130);
    expect(isWhole()).toBe(true);
  });

  it('stays small while ten thousand messages come', async () => {
    const { log, say, shown, isWhole } = setUp(0);
    await log.loadLatest();
    for (let i = 0; i < 200; i++) say(50);
    expect(shown().length).toBeLessThanOrEqual(400);
    expect(shown().at(-1)).toBe(10_000);
    expect(isWhole()).toBe(true);
    expect(log.hasOlder.value).toBe(true);
  });

  it('stays where the reader is, and small, while ten thousand messages come', async () => {
    const { log, say, shown } = setUp(100);
    await log.loadLatest();
    readBack(log);
    const first = shown()[0];
    for (let i = 0; i < 200; i++) say(50);
    expect(shown()[0]).toBe(first);
    expect(shown().length).toBeLessThanOrEqual(700);
    expect(log.isDetached.value).toBe(true);
  });

  it('moves up and down over a long history without a hole, and finds the end again', async () => {
    const { log, say, shown, isWhole } = setUp(3_000);
    await log.loadLatest();
    readBack(log);
    while (log.hasOlder.value) await log.loadOlder();
    expect(shown()[0]).toBe(1);
    expect(shown().length).toBeLessThanOrEqual(700);
    say(5);
    while (log.isDetached.value) await log.loadNewer();
    expect(shown().at(-1)).toBe(3_005);
    expect(isWhole()).toBe(true);
  });

  it('begins with the first unread of many, goes on from there, and finds the end', async () => {
    const { log, say, shown, isWhole } = setUp(3_000);
    log.follow.seek();
    await log.loadFrom(2_001);
    expect(shown()).toContain(2_000);
    expect(shown()).toContain(2_001);
    expect(log.isDetached.value).toBe(true);
    say(5);
    while (log.isDetached.value) await log.loadNewer();
    expect(shown().at(-1)).toBe(3_005);
    expect(isWhole()).toBe(true);
    expect(log.follow.mode).toBe('seeking');
  });

  it('loads nothing where the first unread is shown already', async () => {
    const { service, log, shown } = setUp(500);
    await log.loadLatest();
    service.fails = true;
    await log.loadFrom(450);
    expect(log.loading.value).toBeNull();
    expect(shown()[0]).toBe(441);
  });

  it('jumps to the newest from anywhere', async () => {
    const { log, say, shown } = setUp(3_000);
    await log.loadLatest();
    readBack(log);
    for (let i = 0; i < 20; i++) await log.loadOlder();
    await log.loadLatest();
    say(1);
    expect(shown().at(-1)).toBe(3_001);
  });

  it('never shows a hole: what does not join on is fetched', async () => {
    const { service, log, shown, isWhole } = setUp(100);
    await log.loadLatest();
    service.head = 105;
    log.receive([message(105)]);
    await Promise.resolve();
    await Promise.resolve();
    expect(shown().at(-1)).toBe(105);
    expect(isWhole()).toBe(true);
  });

  it('says that loading failed and can try again', async () => {
    const { service, log, shown } = setUp(10);
    service.fails = true;
    await log.loadLatest();
    expect(log.loading.value).toBe('failed');
    service.fails = false;
    await log.loadLatest();
    expect(log.loading.value).toBeNull();
    expect(shown()).toHaveLength(10);
  });

  it('begins anew after a jump', async () => {
    const { service, log, shown, isWhole } = setUp(100);
    await log.loadLatest();
    service.head = 9_000;
    await log.restart();
    expect(shown().at(-1)).toBe(9_000);
    expect(isWhole()).toBe(true);
  });
});

describe('Messages of a log that change', () => {
  const stamp = (seq: number) => ({
    ...{ user: { id: 'b', username: 'b' }, room: 'lobby' },
    ...{ seq, id: `${seq}`, time: seq },
  });
  const edit = (seq: number, target: number, data: string): LogFrame => {
    return { type: 12, target, data, ...stamp(seq) };
  };
  const deletion = (seq: number, target: number | readonly [number, number]): LogFrame => {
    return { type: 13, target, ...stamp(seq) };
  };
  const reply = (seq: number, thread: number): LogFrame => {
    return { type: 2, data: 'a reply', thread, ...stamp(seq) };
  };
  const react = (seq: number, target: number, count: number): LogFrame => {
    const added = [{ id: 'self', username: 'self' }];
    return { type: 14, target, data: { '👍': { count, added, removed: [] } }, ...stamp(seq) };
  };

  it('show what became of them, and the others stay the same objects', async () => {
    const { log } = setUp(5);
    await log.loadLatest();
    const before = log.find(4);
    log.receive([edit(6, 3, 'other'), react(7, 3, 2), deletion(8, 5)]);
    expect(log.find(3)).toMatchObject({
      ...{ text: 'other', edited: { seq: 6 }, reactions: [{ key: '👍', count: 2, me: true }] },
    });
    expect(log.find(5)).toMatchObject({ text: '', deleted: { seq: 8 } });
    expect(log.find(4)).toBe(before);
  });

  it('are as they are now also where a page was read before a change and came after it', async () => {
    const { log, service } = setUp(5);
    const loaded = log.loadLatest();
    service.head = 6;
    log.receive([edit(6, 3, 'other')]);
    await loaded;
    expect(log.find(3)?.text).toBe('other');
  });

  it('change in what waits to be joined, too', async () => {
    const { log, service } = setUp(0);
    const loaded = log.loadLatest();
    service.head = 3;
    log.receive([message(1), edit(2, 1, 'other'), deletion(3, 1)]);
    await loaded;
    expect(log.find(1)).toMatchObject({ text: '', deleted: { seq: 3 } });
  });

  it('leave no hole: what fills a number and shows nothing is no gap', async () => {
    const { log, shown } = setUp(5);
    await log.loadLatest();
    log.receive([react(6, 5, 1)]);
    log.receive([message(7)]);
    expect(log.isDetached.value).toBe(false);
    expect(shown()).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('count what is said in their threads, and what is deleted there', async () => {
    const { log } = setUp(2);
    await log.loadLatest();
    log.receive([reply(3, 1), reply(4, 1)]);
    expect(log.find(1)?.replies).toMatchObject({ count: 2, last_seq: 4 });
    log.receive([deletion(5, 3)]);
    expect(log.find(1)?.replies).toMatchObject({ count: 1 });
    expect(log.lastOf('b')?.seq).toBe(4);
  });
});
