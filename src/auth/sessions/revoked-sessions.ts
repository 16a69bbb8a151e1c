import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { SessionStore } from './session-store.js';

const POLL_EVERY_MS = 500;
/** How far the clocks of two nodes may be apart. */
const CLOCK_SKEW_MS = 10_000;

type Listener = (sessionIds: readonly string[]) => void;

/**
 * Sessions that ended while access tokens of theirs may still be valid, on this node and others.
 * Each is kept until the last such token has expired, which bounds the memory by what is revoked in
 * that time.
 */
@Injectable()
export class RevokedSessions implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('RevokedSessions');
  /**
   * Session ids, in the order in which they may be forgotten, with the time for that by either
   * clock.
   */
  private readonly revoked = new Map<string, { readonly end: number; readonly endMono: number }>();
  /** A session may have ended without being known here if all its tokens end before this. */
  private forgottenUntil = 0;
  private readonly listeners = new Set<Listener>();
  private timer: Timer | null = null;
  private asking: Promise<void> | null = null;
  private failing = false;
  /** Every revocation up to here is known on this node (ms since the epoch). */
  private knownUntil = 0;

  constructor(
    private readonly store: SessionStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onModuleInit(): Promise<void> {
    const now = this.clock.now();
    this.knownUntil = now - this.settings.accessTokenTtlMs;
    await this.load();
    this.forgottenUntil = Math.max(now - CLOCK_SKEW_MS, await this.store.prunedUntil());
    // An embedded database has no other writer.
    if (this.settings.databaseUrl === null) return;
    this.timer = this.scheduler.every(POLL_EVERY_MS, () => {
      this.asking ??= this.poll();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.scheduler.cancel(this.timer);
    await this.asking;
  }

  isRevoked(sessionId: string): boolean {
    return this.revoked.has(sessionId);
  }

  /**
   * Whether a session may have been revoked and forgotten although a token of it is valid until
   * `end`: possible where the clock was set back. The store still knows.
   */
  isDoubtful(end: number): boolean {
    return end <= this.forgottenUntil;
  }

  /** Asks the store. @returns false where the session has ended, or is unknown */
  isAlive(sessionId: string): Promise<boolean> {
    return this.store.isAlive(sessionId);
  }

  /**
   * Calls the listener once for each session that ends; for those that ended on another node within
   * a second.
   * @returns ends the subscription
   */
  onRevoked(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Announces sessions that the store has already been told of. */
  add(sessionIds: readonly string[]): void {
    const now = this.clock.now();
    this.forget(now);
    const fresh = sessionIds.filter((id) => !this.revoked.has(id));
    const life = this.settings.accessTokenTtlMs + CLOCK_SKEW_MS;
    const ends = { end: now + life, endMono: this.clock.monotonic() + life };
    for (const id of fresh) this.revoked.set(id, ends);
    if (fresh.length === 0) return;
    for (const listener of this.listeners) listener(fresh);
  }

  /** Sessions in memory. */
  get size(): number {
    return this.revoked.size;
  }

  private forget(now: number): void {
    const mono = this.clock.monotonic();
    for (const [id, { end, endMono }] of this.revoked) {
      // If the clock was set ahead and is set back again, they must still be found here.
      if (end > now || endMono > mono) return;
      this.revoked.delete(id);
      this.forgottenUntil = Math.max(this.forgottenUntil, now);
    }
  }

  private async load(): Promise<void> {
    const now = this.clock.now();
    this.add(await this.store.revokedSince(Math.min(this.knownUntil, now) - CLOCK_SKEW_MS));
    this.knownUntil = now;
  }

  private async poll(): Promise<void> {
    try {
      await this.load();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.error({ event: 'revocations-unknown', error });
      this.failing = true;
    } finally {
      this.asking = null;
    }
  }
}
