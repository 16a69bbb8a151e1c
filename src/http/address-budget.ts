import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import { TokenBuckets } from '../kernel/limits/token-buckets.js';
import { ClientAddress } from './client-address.js';

/** Burst, in seconds' worth: a page and what it loads, for many people behind one address. */
const BURST_SECONDS = 20;
/** What every call costs on entry, whatever comes of it. */
const AT_THE_DOOR = 1;
/** Health probes must be answered even while others flood the service. */
const PROBES = '/health/';

/**
 * Bounds what an address may ask for without a token, on this node. A call that names a token
 * passes: its person pays for it, or its address does if it was refused.
 */
@Injectable()
export class AddressBudget {
  /** Calls refused because their address had spent its budget. */
  refused = 0;
  private readonly calls: TokenBuckets;
  private readonly probes: TokenBuckets;
  private readonly settled = new WeakSet<IncomingMessage>();

  constructor(
    private readonly addresses: ClientAddress,
    clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const rate = settings.limits.publicRate;
    this.calls = new TokenBuckets(clock, rate, rate * BURST_SECONDS);
    this.probes = new TokenBuckets(clock, rate, rate * BURST_SECONDS);
  }

  /** A call comes in. @throws Refusal `rate-limited` */
  enter(request: IncomingMessage): void {
    if (request.headers.authorization === undefined) this.pay(request);
  }

  /** Charges for a handler that is about to answer. @throws Refusal `rate-limited` */
  payFor(request: IncomingMessage, units: number): void {
    this.pay(request);
    this.take(request, units - AT_THE_DOOR);
  }

  /** The call's token is valid: its person pays. */
  leaveToPerson(request: IncomingMessage): void {
    this.settled.add(request);
  }

  /**
   * Charges for a refused call, also one that named a token. @returns what else to refuse it with
   */
  settle(request: IncomingMessage): Refusal | null {
    try {
      this.pay(request);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Charges each call once. */
  private pay(request: IncomingMessage): void {
    if (this.settled.has(request)) return;
    this.settled.add(request);
    this.take(request, AT_THE_DOOR);
  }

  private take(request: IncomingMessage, units: number): void {
    const isProbe = request.url?.startsWith(PROBES) === true;
    const buckets = isProbe ? this.probes : this.calls;
    const retryAfter = buckets.take(this.addresses.of(request), Math.max(0, units));
    if (retryAfter === 0) return;
    this.refused++;
    throw new Refusal('rate-limited', { retryAfter });
  }
}
