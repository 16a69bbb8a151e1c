import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../config/load.js';
import { Heartbeat, type Pulse } from './heartbeat.js';
import { HandClock } from '../../../test/support/hand-clock.js';

const INTERVAL_MS = 16_000;

class Peer implements Pulse {
  isAlive = true;
  queuedBytes = 0;
  takenBytes = 0;
  pings = 0;
  ended = false;

  constructor(
    private readonly answers: boolean,
    public isPaused: boolean,
  ) {}

  ping(): void {
    this.pings++;
    this.isAlive = this.answers;
  }

  terminate(): void {
    this.ended = true;
  }
}

describe('The heartbeat', () => {
  let clock: HandClock;
  let heartbeat: Heartbeat;

  beforeEach(() => {
    clock = new HandClock();
    heartbeat = new Heartbeat(clock, clock, loadSettings({ HEARTBEAT_INTERVAL: '16' }));
  });

  afterEach(() => {
    heartbeat.onApplicationShutdown();
  });

  function pulse(answers: boolean, isPaused = false): Peer {
    return new Peer(answers, isPaused);
  }

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.advance(1_000);
    }
  }

  it('pings each socket once per interval', () => {
    const one = pulse(true);
    heartbeat.watch(one);
    pass(10 * INTERVAL_MS);
    expect(one.pings).toBe(10);
    expect(one.ended).toBe(false);
  });

  it('ends a silent socket within two intervals', () => {
    const silent = pulse(false);
    heartbeat.watch(silent);
    pass(2 * INTERVAL_MS);
    expect(silent.ended).toBe(true);
  });

  it('spares a socket that is not being read: its pongs wait there', () => {
    const paused = pulse(false, true);
    heartbeat.watch(paused);
    pass(5 * INTERVAL_MS);
    expect(paused.ended).toBe(false);
  });

  it.each([
    ['paused', true, false],
    ['silent and paused', false, true],
    ['sending all the while', true, true],
  ])('ends a socket that takes nothing of what waits for it: %s [S46]', (_how, answers, paused) => {
    const stuck = pulse(answers, paused);
    heartbeat.watch(stuck);
    stuck.queuedBytes = 1_000;
    pass(2 * INTERVAL_MS);
    expect(stuck.ended).toBe(true);
  });

  it('spares a socket that takes some of what waits for it', () => {
    const slow = pulse(false, true);
    heartbeat.watch(slow);
    slow.queuedBytes = 1_000;
    for (let i = 0; i < 20; i++) {
      slow.takenBytes += 1;
      pass(INTERVAL_MS / 2);
    }
    expect(slow.ended).toBe(false);
  });

  it('spares a socket for which something waits only now and then', () => {
    const busy = pulse(true);
    heartbeat.watch(busy);
    for (let i = 0; i < 10; i++) {
      busy.queuedBytes = i % 2 === 0 ? 1_000 : 0;
      pass(INTERVAL_MS);
    }
    expect(busy.ended).toBe(false);
  });

  it('ends nobody for having slept itself, and judges again an interval later', () => {
    const crowd = Array.from({ length: 50 }, () => pulse(false));
    for (const one of crowd.slice(25)) Object.assign(one, { isPaused: true, queuedBytes: 1_000 });
    for (const one of crowd) heartbeat.watch(one);
    pass(INTERVAL_MS + 1_000);
    clock.time += 30_000;
    clock.advance(0);
    pass(INTERVAL_MS - 1_000);
    expect(crowd.filter((one) => one.ended)).toHaveLength(0);
    pass(INTERVAL_MS + 1_000);
    expect(crowd.filter((one) => one.ended)).toHaveLength(50);
  });

  it('stops with the socket', () => {
    const gone = pulse(false);
    heartbeat.watch(gone)();
    pass(3 * INTERVAL_MS);
    expect(gone).toMatchObject({ pings: 0, ended: false });
  });
});
