import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { LimitExchange } from '../kernel/limit-exchange.js';
import { Refusal } from '../kernel/refusal.js';
import { SharedBuckets } from '../kernel/shared-buckets.js';
import type { Connection } from './connection.js';

/** Seconds' worth of messages that may come at once. */
const BURST_SECONDS = 2;
/** Whoever keeps more than half of a bucket is far from the limit, on however many nodes. */
const TELL_BELOW = 0.5;

/** Bounds how much one person says, over all of the person's connections. */
@Injectable()
export class RateGuard implements CanActivate {
  private readonly messages: SharedBuckets;

  constructor(clock: Clock, exchange: LimitExchange, @Inject(SETTINGS) settings: Settings) {
    const rate = settings.limits.messageRate;
    this.messages = new SharedBuckets(clock, exchange, {
      scope: 'message',
      perSecond: rate,
      burst: rate * BURST_SECONDS,
      tellBelow: TELL_BELOW,
    });
  }

  /** @throws Refusal `rate-limited`, with the delay after which one more is welcome */
  canActivate(context: ExecutionContext): boolean {
    const { person } = context.switchToWs().getClient<Connection>();
    const retryAfter = this.messages.take(person.id);
    if (retryAfter > 0) throw new Refusal('rate-limited', { retryable: true, retryAfter });
    return true;
  }
}
