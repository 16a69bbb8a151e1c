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
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { AccountWatch } from './account-watch.js';
import { DeletionTime } from './deletion-time.js';
import { type Departure, GuestStore } from './guest-store.js';
import type { Username } from '../names/username.js';
import { RevokedSessions } from '../sessions/revoked-sessions.js';
import { UserDirectory } from './user-directory.js';

const EVERY_MS = 60_000;
/** Guests per transaction, and transactions in a row: others are served in between. */
const BATCH = 100;
const BATCHES = 50;
/** How long a guest who went may still be referred to: by a cache, by a message under way. */
const FORGOTTEN_AFTER_MS = 60 * 60 * 1000;
/** Minimum time between two counts in the store while the limit is reached. */
const COUNTED_AGAIN_AFTER_MS = 1_000;

/**
 * Bounds the number of guests, and removes those who do not come back. On several nodes each does
 * this for all; the store decides who goes.
 */
@Injectable()
export class Guests implements OnModuleInit, OnModuleDestroy {
  /** Guests as last counted, and those who came since. */
  count = 0;
  readonly departures = new Tally('outcome', ['expired', 'left', 'forgotten']);
  private readonly logger = new Logger('Guests');
  private countedAt = 0;
  private timer: Timer | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly store: GuestStore,
    private readonly registry: RevokedSessions,
    private readonly directory: UserDirectory,
    private readonly watch: AccountWatch,
    private readonly time: DeletionTime,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.recount();
    this.timer = this.scheduler.every(EVERY_MS, () => {
      this.running ??= this.sweep().finally(() => {
        this.running = null;
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.scheduler.cancel(this.timer);
    await this.running;
  }

  /** @throws Refusal `too-many-guests` */
  async admit(): Promise<void> {
    const most = this.settings.limits.guests;
    if (most === 0 || this.count < most) return;
    if (this.clock.monotonic() - this.countedAt >= COUNTED_AGAIN_AFTER_MS) await this.recount();
    if (this.count >= most) throw new Refusal('too-many-guests');
  }

  came(): void {
    this.count += 1;
  }

  /** Frees a name that an expired guest holds. */
  async release(name: Username): Promise<boolean> {
    const before = this.expiredBefore();
    if (before === null) return false;
    const { canonical: canonicalName, skeleton } = name;
    const gone = await this.store.release({ canonicalName, skeleton }, before, this.clock.now());
    this.note(gone);
    return gone.guests > 0;
  }

  /**
   * One of a person's sessions has ended. A guest who leaves nothing behind goes with the last one.
   */
  async leave(userId: string): Promise<void> {
    if (!(await this.store.leave(userId, this.clock.now()))) return;
    this.departures.count('left');
    this.directory.forgetGuests();
    this.count -= 1;
    this.watch.gone();
  }

  /** Removes guests who have been away for too long, and deletes those who left nothing. */
  async sweep(): Promise<void> {
    try {
      const before = this.expiredBefore();
      for (let batch = 0; batch < BATCHES && before !== null; batch++) {
        const gone = await this.store.expire(before, this.clock.now(), BATCH);
        this.note(gone);
        if (gone.guests < BATCH) break;
      }
      const forgettable = this.time.now() - FORGOTTEN_AFTER_MS;
      for (let batch = 0; batch < BATCHES; batch++) {
        const forgotten = await this.store.forget(forgettable, BATCH);
        this.departures.count('forgotten', forgotten);
        if (forgotten < BATCH) break;
      }
      await this.recount();
    } catch (error) {
      this.logger.warn({ event: 'guests-not-swept', error });
    }
  }

  private expiredBefore(): number | null {
    const { guestTtlMs } = this.settings;
    return guestTtlMs === 0 ? null : this.time.now() - guestTtlMs;
  }

  private note({ guests, sessions }: Departure): void {
    if (guests === 0) return;
    this.departures.count('expired', guests);
    this.directory.forgetGuests();
    this.count -= guests;
    this.registry.add(sessions);
    this.watch.gone();
  }

  private async recount(): Promise<void> {
    this.count = await this.store.count();
    this.countedAt = this.clock.monotonic();
  }
}
