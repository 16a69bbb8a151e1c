import { describe, expect, it } from '@jest/globals';
import { ReadMarks } from './read-marks.js';

const ROOM = 'lobby';

/** Marks of a device that remembers nothing, in a room of ten messages of which four were read. */
function atFourOfTen(): ReadMarks {
  const marks = new ReadMarks('somebody', { markRead: () => undefined }, () => false);
  marks.reach(ROOM, 10, 4);
  return marks;
}

/** What another tab has written down. */
function others(read: number): ReadonlyMap<string, number> {
  return new Map([[ROOM, read]]);
}

describe('what was read', () => {
  it('takes what was read in another tab, where that is more', () => {
    const marks = atFourOfTen();
    marks.hear(others(7));
    expect(marks.unread(ROOM)).toBe(3);
    marks.hear(others(2));
    expect(marks.unread(ROOM)).toBe(3);
  });

  it('counts no message as unread that another tab has read before it arrived here', () => {
    const marks = atFourOfTen();
    marks.hear(others(12));
    expect(marks.unread(ROOM)).toBe(0);
    marks.reach(ROOM, 11, 0);
    expect(marks.unread(ROOM)).toBe(0);
    marks.reach(ROOM, 15, 0);
    expect(marks.unread(ROOM)).toBe(3);
  });

  it('takes what another tab has read of a conversation that is not known here yet', () => {
    const marks = new ReadMarks('somebody', { markRead: () => undefined }, () => false);
    marks.hear(others(8));
    marks.reach(ROOM, 10, 0);
    expect(marks.unread(ROOM)).toBe(2);
  });

  it('forgets that once the conversation has gone back', () => {
    const marks = atFourOfTen();
    marks.hear(others(12));
    marks.goBack(ROOM, 3);
    marks.reach(ROOM, 6, 0);
    expect(marks.unread(ROOM)).toBe(3);
    expect(marks.total.value).toBe(3);
  });

  describe('of a room', () => {
    const read: unknown[] = [];
    const roomMarks = (): ReadMarks => {
      read.length = 0;
      const rooms = { markRead: (...call: unknown[]) => read.push(call) };
      const marks = new ReadMarks('somebody', rooms, (one) => one === 'dev');
      marks.room('dev', { seq: 7, unread: 2 });
      return marks;
    };

    it('is what the service counts, not what numbers make of it', () => {
      const marks = roomMarks();
      marks.reach('dev', 50, 0);
      marks.reach(ROOM, 5, 4);
      expect([marks.read('dev'), marks.unread('dev'), marks.total.value]).toEqual([7, 2, 3]);
    });

    it('is told to the service, while something is unread', () => {
      const marks = roomMarks();
      marks.markRead('dev', 8);
      marks.markAllRead('dev');
      marks.room('dev', { seq: 9, unread: 0 });
      marks.markAllRead('dev');
      expect(read).toEqual([['dev', 8], ['dev']]);
    });

    it('goes with the room', () => {
      const marks = roomMarks();
      marks.room('dev', null);
      expect([marks.unread('dev'), marks.total.value]).toEqual([0, 0]);
    });
  });
});
