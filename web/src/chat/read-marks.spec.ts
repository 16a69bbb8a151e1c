import { describe, expect, it } from '@jest/globals';
import { ReadMarks } from './read-marks.js';

const ROOM = 'lobby';

/** Marks of a device that remembers nothing, in a room of ten messages of which four were read. */
function atFourOfTen(): ReadMarks {
  const marks = new ReadMarks('somebody');
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
    const marks = new ReadMarks('somebody');
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
});
