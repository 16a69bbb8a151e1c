import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import { Refusal } from '../../kernel/refusal.js';
import { SharedBuckets } from '../../kernel/limits/shared-buckets.js';
import type { Asker } from './hash-queue.js';

const SECONDS_OF_A_DAY = 24 * 60 * 60;

/** Wrong passwords for one account from one address: ten at once, then one every 30 seconds. */
const HERE = { scope: 'failure-here', burst: 10, perSecond: 1 / 30, tellBelow: 1 };
/** Wrong passwords for one account from all unfamiliar addresses: 50, then one every 5 seconds. */
const ELSEWHERE = { scope: 'failure-elsewhere', burst: 50, perSecond: 1 / 5, tellBelow: 1 };

/**
 * Bounds password guessing and account creation. Every method throws Refusal `rate-limited` with
 * the time to wait.
 *
 * An account is never locked against its owner: failures of strangers count against strangers only,
 * not against addresses from which the owner came in lately (`isFamiliar`). See docs/decisions/.
 */
@Injectable()
export class AttemptLimiter {
  private readonly entries: SharedBuckets;
  private readonly accounts: SharedBuckets;
  private readonly exchanges: SharedBuckets;
  private readonly failuresHere: SharedBuckets;
  private readonly failuresElsewhere: SharedBuckets;

  constructor(clock: Clock, exchange: LimitExchange, @Inject(SETTINGS) settings: Settings) {
    const { loginRate, connectRate, accountRate } = settings.limits;
    const perMinute = (scope: string, rate: number): SharedBuckets =>
      new SharedBuckets(clock, exchange, {
        scope,
        perSecond: rate / 60,
        burst: rate,
        tellBelow: 1,
      });
    this.entries = perMinute('entry', loginRate);
    this.accounts = new SharedBuckets(clock, exchange, {
      scope: 'account',
      perSecond: accountRate / SECONDS_OF_A_DAY,
      burst: accountRate,
      tellBelow: 1,
    });
    this.exchanges = perMinute('exchange', connectRate);
    this.failuresHere = new SharedBuckets(clock, exchange, HERE);
    this.failuresElsewhere = new SharedBuckets(clock, exchange, ELSEWHERE);
  }

  /** Counts an attempt to come in: log-in, registration, guest. */
  countEntry(address: string): void {
    refuseUnlessZero(this.entries.take(address));
  }

  /** Whether another account may be created from this address. */
  admitAccount(address: string): void {
    refuseUnlessZero(this.accounts.peek(address));
  }

  countAccount(address: string): void {
    this.accounts.take(address);
  }

  /** Counts what happens once per connection: a refresh, a ticket. */
  countExchange(address: string): void {
    refuseUnlessZero(this.exchanges.take(address));
  }

  /**
   * Checks whether a password may be tried at all. @param account the canonical name, known or not
   */
  admitPassword(account: string, { address, isFamiliar }: Asker): void {
    refuseUnlessZero(this.failuresHere.peek(pairOf(account, address)));
    if (!isFamiliar) refuseUnlessZero(this.failuresElsewhere.peek(account));
  }

  countWrongPassword(account: string, { address, isFamiliar }: Asker): void {
    this.failuresHere.take(pairOf(account, address));
    if (!isFamiliar) this.failuresElsewhere.take(account);
  }

  /** Resets the count of failures: the owner came in from this address. */
  forgive(account: string, address: string): void {
    this.failuresHere.reset(pairOf(account, address));
  }
}

function pairOf(account: string, address: string): string {
  return `${address} ${account}`;
}

function refuseUnlessZero(retryAfter: number): void {
  if (retryAfter > 0) throw new Refusal('rate-limited', { retryAfter });
}
