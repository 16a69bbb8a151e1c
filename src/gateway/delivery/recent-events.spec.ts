import { describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { RecentEvents } from './recent-events.js';
import { RecentMemory } from './recent-memory.js';

const MOST = 100;

function frame(data: string): EncodedFrame {
  return new EncodedFrame({ type: FrameType.Error, user: null, data, code: 'internal' });
}

/** How many of the events up to `last` are there. */
function keptIn(recent: RecentEvents, last: number): number {
  let count = 0;
  while (recent.after(last - count - 1) !== null) count++;
  return count;
}

describe('The recent events of a room', () => {
  it('are all that came after a number, in order', () => {
    const recent = new RecentEvents(new RecentMemory(MOST));
    const frames = [frame('5'), frame('6'), frame('7')];
    for (const [at, one] of frames.entries()) recent.push(5 + at, one);
    expect(recent.after(4)).toEqual(frames);
    expect(recent.after(6)).toEqual([frames[2]]);
  });

  it('are unknown where one of them is not known, or where there are none', () => {
    const recent = new RecentEvents(new RecentMemory(MOST));
    expect(recent.after(0)).toBeNull();
    recent.push(5, frame('5'));
    expect([recent.after(3), recent.after(5), recent.after(9)]).toEqual([null, null, null]);
  });

  it('begin anew behind a gap', () => {
    const recent = new RecentEvents(new RecentMemory(MOST));
    recent.push(5, frame('5'));
    recent.push(7, frame('7'));
    expect(recent.after(4)).toBeNull();
    expect(recent.after(6)).toHaveLength(1);
  });

  it('are so many at most', () => {
    const recent = new RecentEvents(new RecentMemory(MOST));
    for (let seq = 1; seq <= 2 * MOST; seq++) recent.push(seq, frame(String(seq)));
    expect(recent.after(MOST)).toHaveLength(MOST);
    expect(recent.after(MOST - 1)).toBeNull();
  });

  it('give way bit by bit where more rooms share what there is for all', () => {
    const memory = new RecentMemory(MOST, 150);
    const busy = new RecentEvents(memory);
    for (let seq = 1; seq <= MOST; seq++) busy.push(seq, frame(String(seq)));
    const others = Array.from({ length: 9 }, () => new RecentEvents(memory));
    for (const other of others) {
      for (let seq = 1; seq <= 20; seq++) other.push(seq, frame(String(seq)));
    }
    // Two had space as they came, the others have a tenth of 150.
    expect(others.map((other) => keptIn(other, 20))).toEqual([
      20,
      20,
      ...Array<number>(7).fill(15),
    ]);
    expect(keptIn(busy, MOST)).toBe(MOST);
    busy.push(MOST + 1, frame('last'));
    expect(keptIn(busy, MOST + 1)).toBe(MOST - 1);
    for (let seq = MOST + 2; seq <= 3 * MOST; seq++) busy.push(seq, frame(String(seq)));
    expect(keptIn(busy, 3 * MOST)).toBe(15);
  });

  it('have a bound all together, however many rooms come', () => {
    const memory = new RecentMemory(MOST, MOST);
    const rooms: RecentEvents[] = [];
    for (let count = 0; count < 200; count++) {
      const room = new RecentEvents(memory);
      rooms.push(room);
      for (let seq = 1; seq <= MOST; seq++) room.push(seq, frame(String(seq)));
    }
    const kept = rooms.reduce((sum, room) => sum + keptIn(room, MOST), 0);
    expect(kept).toBeLessThanOrEqual(2 * MOST + rooms.length);
  });

  it('have the space again that other rooms leave', () => {
    const memory = new RecentMemory(MOST, MOST);
    const [one, other] = [new RecentEvents(memory), new RecentEvents(memory)];
    for (let seq = 1; seq <= MOST; seq++) one.push(seq, frame(String(seq)));
    for (let seq = 1; seq <= MOST; seq++) other.push(seq, frame(String(seq)));
    expect(keptIn(other, MOST)).toBe(MOST / 2);
    one.close();
    for (let seq = MOST + 1; seq <= 2 * MOST; seq++) other.push(seq, frame(String(seq)));
    expect(keptIn(other, 2 * MOST)).toBe(MOST);
  });
});
