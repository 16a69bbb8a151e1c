import { beforeEach, describe, expect, it } from '@jest/globals';
import { Pongs } from './pongs.js';
import { HandClock } from '../../../../test/support/hand-clock.js';

describe('Pongs', () => {
  let clock: HandClock;
  let pongs: Pongs;
  /** What pongs meant, and when they came. */
  let told: string[];

  beforeEach(() => {
    clock = new HandClock();
    pongs = new Pongs(clock);
    told = [];
  });

  function expectPong(name: string): void {
    pongs.expect((at) => told.push(`${name} at ${at}`));
  }

  it('mean what the pings meant, in order', () => {
    expectPong('one');
    pongs.expect(null);
    expectPong('two');
    for (clock.time = 1; clock.time <= 4; clock.time++) pongs.take();
    expect(told).toEqual(['one at 1', 'two at 3']);
  });

  it('wait behind frames that came before them, and are taken with the frame behind', () => {
    expectPong('one');
    pongs.frameArrived();
    clock.time = 1;
    pongs.take();
    clock.time = 2;
    pongs.frameArrived();
    clock.time = 9;
    expect([pongs.takeFrame(), told]).toEqual([0, []]);
    expect([pongs.takeFrame(), told]).toEqual([2, ['one at 1']]);
  });

  it('of a client that owes 1,000 are given up, the oldest first', () => {
    for (let i = 0; i < 1_002; i++) expectPong(String(i));
    expect(told).toEqual(['0 at 0', '1 at 0']);
  });
});
