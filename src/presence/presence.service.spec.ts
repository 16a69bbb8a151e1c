import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../test/support/hand-clock.js';
import { loadSettings } from '../config/load.js';
import { MemoryPresenceStore } from '../engines/memory/memory-presence-store.js';
import type { Person } from '../kernel/person.js';
import { PresenceService } from './presence.service.js';

const GRACE_MS = 5_000;
const ANN = { id: 'a', username: 'ann' };
const BEN = { id: 'b', username: 'ben' };

/** Fails departures when told to. */
class FailingStore extends MemoryPresenceStore {
  failures = 0;
  attempts = 0;

  override depart(person: Person, connectionId: string): Promise<boolean> {
    this.attempts++;
    if (this.failures-- > 0) return Promise.reject(new Error('on purpose'));
    return super.depart(person, connectionId);
  }
}

describe('Who is here', () => {
  let clock: HandClock;
  let store: FailingStore;
  let presence: PresenceService;
  let told: string[];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock(1_790_000_000_000);
    store = new FailingStore();
    presence = new PresenceService(store, clock, clock, loadSettings({ PRESENCE_GRACE: '5' }));
    presence.onModuleInit();
    told = [];
    presence.onChange(({ kind, person, time }) => {
      told.push(`${kind} ${person.username} at ${time - clock.epoch}`);
    });
  });

  /**
   * `+a1` adds a connection of Ann's, `-a1` removes it; a number lets that many milliseconds pass.
   */
  async function play(...steps: readonly (string | number)[]): Promise<void> {
    for (const step of steps) {
      if (typeof step === 'number') {
        // The next farewell is scheduled only once the one before it is done.
        await clock.pass(step, 500);
        continue;
      }
      const person = step[1] === 'a' ? ANN : BEN;
      if (step.startsWith('+')) await presence.arrive(person, step.slice(1));
      else await presence.depart(person, step.slice(1));
    }
  }

  it.each<[string, readonly (string | number)[], readonly string[]]>([
    ['who comes', ['+a1'], ['enter ann at 0']],
    [
      'a person once, however many their connections',
      ['+a1', 10, '+a2', '+a3'],
      ['enter ann at 0'],
    ],
    [
      'who goes when the grace has passed',
      ['+a1', '-a1', GRACE_MS],
      ['enter ann at 0', 'leave ann at 5000'],
    ],
    ['nothing before', ['+a1', '-a1', GRACE_MS - 1], ['enter ann at 0']],
    [
      'nothing of a reconnect',
      ['+a1', 10, '-a1', GRACE_MS - 1, '+a2', GRACE_MS],
      ['enter ann at 0'],
    ],
    [
      'nothing while another connection stays',
      ['+a1', '+a2', '-a1', 2 * GRACE_MS],
      ['enter ann at 0'],
    ],
    [
      'the end of the last connection, from which the grace counts',
      ['+a1', '+a2', '-a1', 1_000, '-a2', GRACE_MS],
      ['enter ann at 0', 'leave ann at 6000'],
    ],
    [
      'several who go, each at their own time',
      ['+a1', '+b1', '-a1', 2_000, '-b1', 3_000, 2_000],
      ['enter ann at 0', 'enter ben at 0', 'leave ann at 5000', 'leave ben at 7000'],
    ],
    [
      'who comes back after having left',
      ['+a1', '-a1', GRACE_MS, '+a2'],
      ['enter ann at 0', 'leave ann at 5000', 'enter ann at 5000'],
    ],
    [
      'one leave of a connection that flickers',
      ['+a1', '-a1', 1_000, '+a2', '-a2', 1_000, '+a3', '-a3', 3 * GRACE_MS],
      ['enter ann at 0', 'leave ann at 7000'],
    ],
  ])('tells %s', async (_, steps, expected) => {
    await play(...steps);
    expect(told).toEqual(expected);
  });

  it('counts people and not connections, and keeps no timer for who stays', async () => {
    await play('+a1', '+a2', '+b1');
    expect(await presence.count()).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it('counts every change, also of how many connections somebody has', async () => {
    await play('+a1');
    const before = presence.changes;
    await play('+a2');
    expect(presence.changes).toBeGreaterThan(before);
  });

  it('tries again after the store failed, once a second, and says goodbye to all', async () => {
    store.failures = 3;
    await play('+a1', '+b1', '-a1', '-b1', GRACE_MS);
    expect([store.attempts, told.length]).toEqual([1, 2]);
    await play(999);
    expect(store.attempts).toBe(1);
    await play(1, 1_000);
    expect([store.attempts, told.length]).toEqual([3, 2]);
    await play(1_000);
    expect(told.slice(2)).toEqual(['leave ann at 8000', 'leave ben at 8000']);
    expect(clock.waiting).toBe(0);
  });

  it('stops with the service', async () => {
    await play('+a1', '-a1');
    presence.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
  });
});
