import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { identityOf } from '../auth/current-identity.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import { TokenBuckets } from '../kernel/token-buckets.js';

/** Seconds' worth of pages that may be asked for at once. */
const BURST_SECONDS = 2;

/** Bounds how much one person reads back. Stands behind the AccessGuard. */
@Injectable()
export class HistoryRateGuard implements CanActivate {
  private readonly pages: TokenBuckets;

  constructor(clock: Clock, @Inject(SETTINGS) settings: Settings) {
    const rate = settings.limits.historyRate;
    this.pages = new TokenBuckets(clock, rate, rate * BURST_SECONDS);
  }

  /** @throws Refusal `rate-limited`, with the delay after which one more is welcome */
  canActivate(context: ExecutionContext): boolean {
    const { user } = identityOf(context.switchToHttp().getRequest<object>());
    const retryAfter = this.pages.take(user.id);
    if (retryAfter > 0) throw new Refusal('rate-limited', { retryable: true, retryAfter });
    return true;
  }
}
