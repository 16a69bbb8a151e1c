import { beforeEach, describe, expect, it } from '@jest/globals';
import { NoLimitExchange } from '../../engines/memory/no-limit-exchange.js';
import { loadSettings } from '../../config/load.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { HandClock } from '../../../test/support/hand-clock.js';

let clock: HandClock;
let limiter: AttemptLimiter;

beforeEach(() => {
  clock = new HandClock();
  limiter = new AttemptLimiter(
    clock,
    new NoLimitExchange(),
    loadSettings({ LOGIN_RATE: '0', CONNECT_RATE: '0' }),
  );
});

/**
 * Fails with wrong passwords until the limiter refuses, at most 1,000 times. @returns how many it
 * admitted
 */
function failuresLet(
  account: string,
  addressOf: (attempt: number) => string,
  isFamiliar = false,
): number {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const asker = { address: addressOf(attempt), isFamiliar };
    try {
      limiter.admitPassword(account, asker);
    } catch {
      return attempt;
    }
    limiter.countWrongPassword(account, asker);
  }
  return 1_000;
}

describe('AttemptLimiter', () => {
  it('lets one address fail ten times, and half a minute later once more', () => {
    const here = (): string => '192.0.2.1';

    expect(failuresLet('ann', here)).toBe(10);
    clock.time += 30_000;
    expect(failuresLet('ann', here)).toBe(1);
  });

  it('lets strangers fail fifty times together, whatever their number', () => {
    expect(failuresLet('ann', (attempt) => `address ${attempt}`)).toBe(50);
    expect(failuresLet('bob', (attempt) => `address ${attempt}`)).toBe(50);
  });

  it('lets the owner try at a familiar address, whatever strangers failed at', () => {
    failuresLet('ann', (attempt) => `address ${attempt}`);
    const address = 'home';

    expect(() => limiter.admitPassword('ann', { address, isFamiliar: true })).not.toThrow();
    expect(() => limiter.admitPassword('ann', { address, isFamiliar: false })).toThrow(
      'rate-limited',
    );
  });

  it('bounds what a familiar address fails at, and does not count it against strangers', () => {
    expect(failuresLet('ann', () => 'home', true)).toBe(10);
    expect(failuresLet('ann', (attempt) => `address ${attempt}`)).toBe(50);
  });

  it('forgives an address its failures when the owner comes in there', () => {
    for (let times = 0; times < 9; times++) {
      limiter.countWrongPassword('ann', { address: 'home', isFamiliar: false });
    }

    limiter.forgive('ann', 'home');

    expect(failuresLet('ann', () => 'home')).toBe(10);
  });

  it('has no limit per address where the settings say 0', () => {
    for (let times = 0; times < 1_000; times++) {
      limiter.countEntry('192.0.2.1');
      limiter.countExchange('192.0.2.1');
    }
  });
});
