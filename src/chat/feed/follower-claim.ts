import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { Claim, FollowerCursors } from './follower-cursors.js';

/** How long a claim outlives a holder that died. */
const LEASE_MS = 15_000;
/** How often the claim is asked for, by whoever has it and by whoever waits for it. */
const ASK_EVERY_MS = 5_000;

export interface Holder {
  readonly follower: string;
  /** Unique over all nodes and all their starts. */
  readonly id: string;
  taken(): void;
  lost(): void;
}

/**
 * Keeps asking for a follower's claim, so that of all nodes one follows at a time. The holder counts
 * its lease from before it asked, by the monotonic clock: it lets go before anybody else can be given
 * the claim, also where the store has been away.
 */
export class FollowerClaim {
  private readonly logger = new Logger('FollowerClaim');
  private held: Claim | null = null;
  /** When the lease is over (monotonic ms). */
  private until = 0;
  private ask: Timer | null = null;
  private expiry: Timer | null = null;
  private asking: Promise<void> | null = null;
  private stopped = false;
  private failing = false;

  constructor(
    private readonly cursors: Pick<FollowerCursors, 'claim' | 'release'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly holder: Holder,
  ) {}

  /** Null where this node does not follow. */
  get current(): Claim | null {
    // After a stall the timer may come late.
    return this.clock.monotonic() < this.until ? this.held : null;
  }

  start(): void {
    this.askNow();
  }

  /** Asks no more. The claim stays until it is given up, or its lease is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.scheduler.cancel(this.ask);
    await this.asking;
  }

  /** After `stop`: the next node need not wait for the end of the lease. */
  async release(): Promise<void> {
    const claim = this.held;
    this.lose();
    if (claim === null) return;
    await this.cursors.release(claim).catch((error: unknown) => {
      // Its lease ends by itself.
      this.logger.warn({ event: 'follower-claim-kept', follower: claim.follower, error });
    });
  }

  /** The store has shown that the claim may have passed on: asks at once. */
  doubt(): void {
    if (this.asking !== null || this.stopped) return;
    this.scheduler.cancel(this.ask);
    this.askNow();
  }

  private askNow(): void {
    this.asking = this.renew().finally(() => {
      this.asking = null;
      if (this.stopped) return;
      this.ask = this.scheduler.after(ASK_EVERY_MS, () => {
        this.askNow();
      });
    });
  }

  private async renew(): Promise<void> {
    const { follower, id } = this.holder;
    const askedAt = this.clock.monotonic();
    try {
      const request = { follower, holder: id, now: this.clock.now(), leaseMs: LEASE_MS };
      this.keep(await this.cursors.claim(request), askedAt + LEASE_MS);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ event: 'follower-claim-unknown', follower, error });
      this.failing = true;
    }
  }

  private keep(claim: Claim | null, until: number): void {
    if (claim?.epoch !== this.held?.epoch) this.lose();
    this.scheduler.cancel(this.expiry);
    if (claim === null) return;
    this.until = until;
    this.expiry = this.scheduler.after(until - this.clock.monotonic(), () => {
      this.lose();
    });
    if (this.held !== null) return;
    this.held = claim;
    if (!this.stopped) this.holder.taken();
  }

  private lose(): void {
    this.scheduler.cancel(this.expiry);
    if (this.held === null) return;
    this.held = null;
    this.holder.lost();
  }
}
