import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { ClientAddress } from '../../http/client-address.js';
import { Clock } from '../../kernel/clock.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import { Refusal } from '../../kernel/refusal.js';
import { SharedBuckets } from '../../kernel/limits/shared-buckets.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { OriginPolicy } from './origin-policy.js';

/** A slot for one client's connection, on any transport. */
export interface Seat {
  /** The client's own address, not that of a trusted proxy. */
  readonly address: string;
  /** Gives the slot back; idempotent. */
  readonly release: () => void;
}

/**
 * Decides whether one more connection may be opened, before any token: the same for every
 * transport.
 */
@Injectable()
export class Admission {
  private readonly arrivals: SharedBuckets;
  private stopping = false;

  constructor(
    private readonly addresses: ClientAddress,
    private readonly origins: OriginPolicy,
    private readonly registry: ConnectionRegistry,
    @Inject(SETTINGS) settings: Settings,
    clock: Clock,
    exchange: LimitExchange,
  ) {
    const perMinute = settings.limits.connectRate;
    this.arrivals = new SharedBuckets(clock, exchange, {
      scope: 'arrival',
      perSecond: perMinute / 60,
      burst: perMinute,
      tellBelow: 1,
    });
  }

  /** Admits nobody from here on. */
  stop(): void {
    this.stopping = true;
  }

  /** @throws Refusal `foreign-origin` */
  checkOrigin(request: IncomingMessage): void {
    this.origins.check(request);
  }

  /** @throws Refusal `stopping` */
  checkOpen(): void {
    if (this.stopping) throw new Refusal('stopping');
  }

  addressOf(request: IncomingMessage): string {
    return this.addresses.of(request);
  }

  /**
   * Counts a connection and takes a seat.
   * @throws Refusal `rate-limited`, `too-many-connections`
   */
  take(address: string): Seat {
    const retryAfter = this.arrivals.take(address);
    if (retryAfter > 0) throw new Refusal('rate-limited', { retryAfter });
    this.registry.reserve(address);
    let taken = true;
    const release = (): void => {
      if (taken) this.registry.release(address);
      taken = false;
    };
    return { address, release };
  }
}
