import { describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { RecentEvents } from './recent-events.js';

const MOST = 100;

function frame(data: string): EncodedFrame {
  return new EncodedFrame({ type: FrameType.Error, user: null, data, code: 'internal' });
}

describe('The recent events of a room', () => {
  it('are all that came after a number, in order', () => {
    const recent = new RecentEvents();
    const frames = [frame('5'), frame('6'), frame('7')];
    for (const [at, one] of frames.entries()) recent.push(5 + at, one, MOST);
    expect(recent.after(4)).toEqual(frames);
    expect(recent.after(6)).toEqual([frames[2]]);
  });

  it('are unknown where one of them is not known, or where there are none', () => {
    const recent = new RecentEvents();
    expect(recent.after(0)).toBeNull();
    recent.push(5, frame('5'), MOST);
    expect([recent.after(3), recent.after(5), recent.after(9)]).toEqual([null, null, null]);
  });

  it('begin anew behind a gap', () => {
    const recent = new RecentEvents();
    recent.push(5, frame('5'), MOST);
    recent.push(7, frame('7'), MOST);
    expect(recent.after(4)).toBeNull();
    expect(recent.after(6)).toHaveLength(1);
  });

  it('are so many at most', () => {
    const recent = new RecentEvents();
    for (let seq = 1; seq <= 2 * MOST; seq++) recent.push(seq, frame(String(seq)), MOST);
    expect(recent.after(MOST)).toHaveLength(MOST);
    expect(recent.after(MOST - 1)).toBeNull();
  });

  it('give way where more rooms share what there is for all', () => {
    const recent = new RecentEvents();
    for (let seq = 1; seq <= MOST; seq++) recent.push(seq, frame(String(seq)), MOST);
    recent.push(MOST + 1, frame('last'), 10);
    expect(recent.after(MOST - 9)).toHaveLength(10);
    expect(recent.after(MOST - 10)).toBeNull();
  });
});
