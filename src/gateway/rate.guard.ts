import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import { TokenBuckets } from '../kernel/token-buckets.js';
import type { Connection } from './connection.js';

/** Seconds' worth of messages that may come at once. */
const BURST_SECONDS = 2;

/** Bounds how much one person says, over all of the person's connections. */
@Injectable()
export class RateGuard implements CanActivate {
  private readonly messages: TokenBuckets;

  constructor(clock: Clock, @Inject(SETTINGS) settings: Settings) {
    const rate = settings.limits.messageRate;
    this.messages = new TokenBuckets(clock, rate, rate * BURST_SECONDS);
  }

  /** @throws Refusal `rate-limited`, with the delay after which one more is welcome */
  canActivate(context: ExecutionContext): boolean {
    const { person } = context.switchToWs().getClient<Connection>();
    const retryAfter = this.messages.take(person.id);
    if (retryAfter > 0) throw new Refusal('rate-limited', { retryable: true, retryAfter });
    return true;
  }
}
