import { describe, expect, it } from '@jest/globals';
import type { PresentFrame } from '@parley/client';
import { itemOf, type LogItem } from './log-items.js';
import { rowsOf } from './rows.js';

const NOON = new Date(2026, 10, 20, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(
  seq: number,
  author: string,
  time: number,
  more: Partial<Pick<PresentFrame, 'thread' | 'also'>> = {},
): LogItem {
  const user = { id: author, username: author };
  return itemOf({ type: 2, user, room: 'lobby', data: 'x', id: `${seq}`, seq, time, ...more });
}

function notice(number: number, type: 4 | 5, time = NOON): LogItem {
  const user = { id: `${number}`, username: `${number}` };
  return { kind: 'notice', key: `n${number}`, time, frame: { type, user, data: '', time } };
}

function kinds(items: readonly LogItem[], readUpTo: number | null = null): readonly string[] {
  return rowsOf(items, 'me', readUpTo).map((row) => row.kind);
}

describe('the rows of a log', () => {
  it('begin each day with its date', () => {
    const items = [message(1, 'a', NOON), message(2, 'a', NOON + DAY), message(3, 'a', NOON + DAY)];
    expect(kinds(items)).toEqual(['day', 'message', 'day', 'message', 'message']);
  });

  it('join what one person writes without a long pause', () => {
    const items = [
      message(1, 'a', NOON),
      message(2, 'a', NOON + MINUTE),
      message(3, 'a', NOON + 10 * MINUTE),
      message(4, 'b', NOON + 10 * MINUTE),
    ];
    const joins = rowsOf(items, 'me', null).flatMap((row) =>
      row.kind === 'message' ? [`${row.opens ? '[' : ''}${row.closes ? ']' : ''}`] : [],
    );
    expect(joins).toEqual(['[', ']', '[]', '[]']);
  });

  it('tell own messages from those of others', () => {
    const rows = rowsOf([message(1, 'me', NOON), message(2, 'a', NOON)], 'me', null);
    expect(rows.flatMap((row) => (row.kind === 'message' ? [row.isOwn] : []))).toEqual([
      true,
      false,
    ]);
  });

  it('mark where the unread begins, once', () => {
    const items = [1, 2, 3, 4].map((seq) => message(seq, 'a', NOON));
    expect(kinds(items, 2)).toEqual(['day', 'message', 'message', 'unread', 'message', 'message']);
    expect(kinds(items, null)).not.toContain('unread');
    expect(kinds(items, 4)).not.toContain('unread');
  });

  it('do not call new what one wrote elsewhere', () => {
    const items = [message(1, 'a', NOON), message(2, 'me', NOON), message(3, 'a', NOON)];
    expect(kinds(items, 1)).toEqual(['day', 'message', 'message', 'unread', 'message']);
    expect(kinds(items.slice(0, 2), 1)).not.toContain('unread');
  });

  it('tell a few comings and goings one by one, and a crowd by its numbers', () => {
    const few = [notice(1, 4), notice(2, 5), notice(3, 4), notice(4, 4)];
    expect(kinds(few)).toEqual(['day', 'notice', 'notice', 'notice', 'notice']);
    const rows = rowsOf([...few, notice(5, 5)], 'me', null);
    expect(rows[1]).toMatchObject({ kind: 'crowd', entered: 3, left: 2 });
    expect(rows).toHaveLength(2);
  });

  it('leave out what is said in a thread alone', () => {
    const items = [
      message(1, 'a', NOON),
      message(2, 'a', NOON, { thread: 1 }),
      message(3, 'a', NOON, { thread: 1, also: true }),
      message(4, 'a', NOON, { thread: 1 }),
    ];
    const rows = rowsOf(items, 'me', null).filter((row) => row.kind === 'message');
    expect(rows.map(({ key, opens, closes, isLast }) => [key, opens, closes, isLast])).toEqual([
      ['m1', true, false, false],
      ['m3', false, true, true],
    ]);
  });

  it('have keys of their own', () => {
    const items = [
      message(1, 'a', NOON),
      ...Array.from({ length: 6 }, (_, index) => notice(index, 4)),
      message(2, 'a', NOON + DAY),
      notice(9, 5, NOON + 2 * DAY),
    ];
    const keys = rowsOf(items, 'me', 0).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
