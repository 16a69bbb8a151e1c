import { describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import { ConversationLog } from '../conversation/conversation-log.js';
import { ReadMarks } from './read-marks.js';
import { Reading } from './reading.js';

const ROOM = 'lobby';

/** Somebody in a room of ten messages, of which they have read `read`. */
async function setUp(read = 10) {
  const service = { head: 10 };
  const log = new ConversationLog(({ after, before, limit = 50 }) => {
    const to = Math.min(service.head, before === undefined ? Infinity : before - 1);
    const from = after === undefined ? Math.max(1, to - limit + 1) : after + 1;
    const items = Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
    return Promise.resolve({ items, head: service.head });
  }, 'somebody');
  const marks = new ReadMarks('somebody', { markRead: () => undefined }, () => false);
  marks.reach(ROOM, service.head, read);
  const tab = { isVisible: true };
  const view = { name: signal(ROOM), log: signal(log) };
  const reading = new Reading(marks, view, () => tab.isVisible);
  await reading.open();
  const say = (count: number, own: number | null = null): void => {
    const first = service.head + 1;
    service.head += count;
    reading.take(ROOM, first, service.head, own);
    log.receive(Array.from({ length: count }, (_, index) => message(first + index)));
  };
  const scrollUp = (): void => {
    log.follow.placed(1_000);
    log.follow.see({ top: 500, end: 1_000 }, true);
  };
  return { reading, marks, log, tab, say, scrollUp, line: reading.readOnOpening };
}

function message(seq: number) {
  const user = { id: 'a', username: 'a' };
  return { type: 2, user, room: ROOM, data: 'x', id: `${seq}`, seq, time: seq } as const;
}

describe('what somebody reads', () => {
  it('begins at the end where nothing is new, and below the line where something is', async () => {
    const nothing = await setUp();
    expect([nothing.log.follow.mode, nothing.line.value]).toEqual(['following', null]);
    const some = await setUp(6);
    expect([some.log.follow.mode, some.line.value]).toEqual(['seeking', 6]);
    expect(some.marks.unread(ROOM)).toBe(4);
  });

  it('is what comes at the end, and draws no line', async () => {
    const { marks, say, line } = await setUp();
    say(3);
    expect([marks.unread(ROOM), line.value]).toEqual([0, null]);
  });

  it('is not what comes while the tab is hidden', async () => {
    const { reading, marks, log, tab, say, line } = await setUp();
    tab.isVisible = false;
    say(2);
    say(2);
    expect([marks.unread(ROOM), line.value, log.follow.mode]).toEqual([4, 10, 'following']);
    tab.isVisible = true;
    await reading.comeBack();
    expect([marks.unread(ROOM), line.value, log.follow.mode]).toEqual([4, 10, 'seeking']);
  });

  it('is not what is only being caught up', async () => {
    const { reading, marks, log, say, line } = await setUp();
    reading.catchUp();
    say(3);
    expect([marks.unread(ROOM), line.value]).toEqual([3, 10]);
    await reading.current();
    expect(log.follow.mode).toBe('seeking');
  });

  it('is, reading back, as far as the view is; a return moves it nowhere', async () => {
    const { reading, marks, log, tab, say, scrollUp } = await setUp();
    scrollUp();
    say(5);
    reading.seen(12);
    expect(marks.unread(ROOM)).toBe(3);
    tab.isVisible = false;
    reading.seen(14);
    tab.isVisible = true;
    await reading.comeBack();
    expect([marks.unread(ROOM), log.follow.mode]).toEqual([3, 'reading']);
  });

  it('is all of it once somebody goes to the end; the line stays', async () => {
    const { reading, marks, say, scrollUp, line } = await setUp();
    scrollUp();
    say(5);
    await reading.showLatest();
    expect([marks.unread(ROOM), line.value]).toEqual([0, 10]);
    await reading.open();
    expect(line.value).toBeNull();
  });

  it('is what comes before something of one’s own', async () => {
    const { marks, tab, say, line } = await setUp();
    tab.isVisible = false;
    say(3, 12);
    expect([marks.unread(ROOM), line.value]).toEqual([1, 12]);
  });
});
