import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { FollowerCursors } from '../chat/feed/follower-cursors.js';
import { LogFollower } from '../chat/feed/log-follower.js';
import { EventLog } from '../chat/log/event-log.js';
import { MessageBus } from '../chat/log/message-bus.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { UlidFactory } from '../kernel/ids.js';
import { Refusal } from '../kernel/refusal.js';
import { Scheduler, type Timer } from '../kernel/scheduler.js';
import { Indexer } from './indexer.js';
import { type IndexProgress, SEARCH, SearchIndex } from './search-index.js';

const LOOK_EVERY_MS = 1_000;
/** The same while it is being filled: somebody may be waiting for it. */
const LOOK_SOON_MS = 100;
/** Further behind than this it is of no use (ms). */
const USELESS_LAG_MS = 600_000;
/** How often other nodes are told, where there are any, and how long they believe it (ms). */
const TELL_EVERY_MS = 10_000;
const BELIEVED_MS = 30_000;
/** How long a node that does not fill the index keeps what it was told (ms). */
const KEPT_MS = 1_000;

/** Fills the index from the log, and knows how far it is. */
@Injectable()
export class IndexFilling implements OnModuleInit, OnApplicationShutdown {
  readonly follower: LogFollower;
  private readonly logger = new Logger('SearchIndex');
  private timer: Timer | null = null;
  private looking: Promise<void> | null = null;
  private isStarted = false;
  private isStopped = false;
  private isFailing = false;
  /** Of the index as this node fills it; null where it does not. */
  private phase: IndexProgress['phase'] | null = null;
  /** Of the claim under which this node fills it. */
  private epoch: number | null = null;
  /** Since when everything is known that was behind (monotonic ms). */
  private awareAt: number | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;
  private kept: { readonly progress: IndexProgress; readonly at: number } | null = null;

  constructor(
    private readonly index: SearchIndex,
    private readonly cursors: FollowerCursors,
    private readonly bus: MessageBus,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    log: EventLog,
    indexer: Indexer,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const holder = new UlidFactory().next(clock.now());
    const parts = { cursors, log, bus, clock, scheduler };
    this.follower = new LogFollower(parts, indexer, holder);
  }

  /** The service starts without waiting for it. */
  onModuleInit(): void {
    if (!this.settings.search) return;
    this.lookNow();
  }

  /** After the drain, which must not wait for a claim to be given up. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.scheduler.cancel(this.timer);
    await this.looking;
    await this.follower.stop();
  }

  /**
   * How long the oldest message that the index lacks has been waiting (ms).
   * @throws Refusal `index-behind` where it is being filled, or too far behind to be of use;
   *   `not-found` where nothing is indexed
   */
  async lag(): Promise<number> {
    if (!this.settings.search) throw new Refusal('not-found');
    const { phase, lagMs } = await this.current();
    if (phase !== 'filled' || lagMs > USELESS_LAG_MS) throw new Refusal('index-behind');
    return Math.round(lagMs);
  }

  private async current(): Promise<Pick<IndexProgress, 'phase' | 'lagMs'>> {
    const { isFollowing, lag } = this.follower;
    if (isFollowing && this.phase !== null) return { phase: this.phase, lagMs: lag.ms };
    const told = await this.told();
    const silentMs = this.clock.now() - told.toldAt;
    const isSilent = !this.bus.isLossless && silentMs > BELIEVED_MS;
    return { phase: told.phase, lagMs: isSilent ? Math.max(silentMs, told.lagMs) : told.lagMs };
  }

  private async told(): Promise<IndexProgress> {
    const now = this.clock.monotonic();
    if (this.kept === null || now - this.kept.at > KEPT_MS) {
      this.kept = { progress: await this.index.progress(), at: now };
    }
    return this.kept.progress;
  }

  private lookNow(): void {
    this.looking = this.look()
      .then(
        () => {
          this.isFailing = false;
        },
        (error: unknown) => {
          // One line, however long it lasts.
          if (!this.isFailing) this.logger.warn({ event: 'search-progress-unknown', error });
          this.isFailing = true;
        },
      )
      .finally(() => {
        this.looking = null;
        this.lookAgain();
      });
  }

  private lookAgain(): void {
    if (this.isStopped) return;
    const isSoon = this.phase !== 'filled' && !this.isFailing;
    this.timer = this.scheduler.after(isSoon ? LOOK_SOON_MS : LOOK_EVERY_MS, () => {
      this.lookNow();
    });
  }

  private async look(): Promise<void> {
    const { follower } = this;
    if (!this.isStarted) await this.start();
    if (follower.epoch !== this.epoch) {
      // Under another claim everything may have been set back.
      [this.epoch, this.phase, this.awareAt] = [follower.epoch, null, null];
    }
    if (this.epoch === null) return;
    this.phase ??= (await this.index.progress()).phase;
    if (this.phase !== 'filled' && this.hasAll()) {
      await this.index.enter('filled');
      this.phase = 'filled';
      this.logger.log({ event: 'search-index-filled' });
    }
    await this.tellOthers();
  }

  /** Whether everything is handled that was behind when all of it was known: what waits came later. */
  private hasAll(): boolean {
    const { isAware, lag } = this.follower;
    if (!isAware) return false;
    const now = this.clock.monotonic();
    this.awareAt ??= now;
    return lag.events === 0 || lag.ms < now - this.awareAt;
  }

  /** An index of which nothing is known gets everything, whatever an earlier one had got. */
  private async start(): Promise<void> {
    const { phase } = await this.index.progress();
    await this.cursors.register(SEARCH, 'first');
    if (phase === 'new') {
      await this.cursors.reset(SEARCH);
      await this.index.enter('filling');
    }
    if (this.isStopped) return;
    this.isStarted = true;
    this.follower.start();
  }

  private async tellOthers(): Promise<void> {
    const now = this.clock.monotonic();
    if (this.bus.isLossless || now - this.toldAt < TELL_EVERY_MS) return;
    await this.index.tell({ lagMs: Math.round(this.follower.lag.ms), toldAt: this.clock.now() });
    this.toldAt = now;
  }
}
