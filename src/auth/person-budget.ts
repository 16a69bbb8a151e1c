import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Limits, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import type { OwnRate } from '../kernel/limits/cost.js';
import { LimitExchange } from '../kernel/limits/limit-exchange.js';
import { Refusal } from '../kernel/refusal.js';
import { SharedBuckets } from '../kernel/limits/shared-buckets.js';
import { Tally } from '../kernel/metrics/tally.js';

/** Burst, in seconds' worth: several devices of a person, all coming back. */
const BURST_SECONDS = 5;
/** The burst of what has a rate of its own. */
const OWN_BURST_SECONDS = 2;
/** The share of a person's budget that each of these takes at its own full rate. */
const PARTS: Readonly<Record<OwnRate, number>> = { message: 1 / 5, page: 2 / 5, search: 1 / 5 };
/** Whoever keeps more than half of a bucket is far from the limit, on however many nodes. */
const TELL_BELOW = 0.5;

/** What has a rate of its own. */
interface Own {
  readonly buckets: SharedBuckets;
  /** What one of them costs besides. */
  readonly units: number;
}

/**
 * Bounds what one person has the service do, over all connections, calls and nodes: one token
 * bucket, charged by cost.
 */
@Injectable()
export class PersonBudget {
  /** Commands and calls refused because their person's budget was spent. */
  readonly refused = new Tally('kind', ['message', 'page', 'search', 'other']);
  private readonly units: SharedBuckets;
  private readonly own: Readonly<Record<OwnRate, Own>>;

  constructor(
    private readonly clock: Clock,
    private readonly exchange: LimitExchange,
    @Inject(SETTINGS) { limits }: Settings,
  ) {
    this.units = this.buckets('command', limits.commandRate, BURST_SECONDS);
    this.own = {
      message: this.ownRate('message', limits.messageRate, limits),
      page: this.ownRate('page', limits.historyRate, limits),
      search: this.ownRate('search', limits.searchRate, limits),
    };
  }

  /**
   * Charges for a command or call before it is carried out.
   * @throws Refusal `rate-limited`, with the delay after which there will be enough
   */
  spend(personId: string, cost: number | OwnRate): void {
    const own = typeof cost === 'string' ? this.own[cost] : null;
    const units = own === null ? Number(cost) : own.units;
    const retryAfter =
      this.units.take(personId, units) || (own === null ? 0 : own.buckets.take(personId));
    if (retryAfter === 0) return;
    this.refused.count(typeof cost === 'string' ? cost : 'other');
    throw new Refusal('rate-limited', { retryAfter });
  }

  /** Charges for what turned out to cost more; the person may go into debt. */
  charge(personId: string, units: number): void {
    this.units.charge(personId, units);
  }

  private ownRate(scope: OwnRate, rate: number, { commandRate }: Limits): Own {
    return {
      buckets: this.buckets(scope, rate, OWN_BURST_SECONDS),
      units: rate === 0 ? 0 : (commandRate * PARTS[scope]) / rate,
    };
  }

  private buckets(scope: string, perSecond: number, burstSeconds: number): SharedBuckets {
    return new SharedBuckets(this.clock, this.exchange, {
      scope,
      perSecond,
      burst: perSecond * burstSeconds,
      tellBelow: TELL_BELOW,
    });
  }
}
