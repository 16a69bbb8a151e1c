import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AccountWatch } from '../auth/accounts/account-watch.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler, type Timer } from '../kernel/scheduler.js';
import { AttachmentStore } from './attachment-store.js';
import { BlobStore } from './blob-store.js';
import { UNUSED_MS } from './uploads.service.js';

const EVERY_MS = 5_000;
/** Files per statement, and statements in a row: others are served in between. */
const BATCH = 100;
const BATCHES = 50;

/**
 * Removes files whose message was deleted, and those that no message has after a day, or whose owner has
 * gone. Nobody is given them from the commit on; their bytes go here, and then their rows. Whatever a crash
 * leaves between the two, the next sweep removes. Several nodes may do so at once.
 */
@Injectable()
export class AttachmentSweep implements OnApplicationBootstrap, OnModuleDestroy {
  /** Files that were removed. */
  removed = 0;
  private readonly logger = new Logger('Attachments');
  private timer: Timer | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly store: AttachmentStore,
    private readonly blobs: BlobStore,
    private readonly accounts: AccountWatch,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  onApplicationBootstrap(): void {
    const start = (): void => {
      this.start();
    };
    this.accounts.onGone(start);
    this.timer = this.scheduler.every(EVERY_MS, start);
    start();
  }

  async onModuleDestroy(): Promise<void> {
    this.scheduler.cancel(this.timer);
    await this.running;
  }

  /** Removes now what is to be removed, as far as one turn goes. */
  async sweep(): Promise<void> {
    const before = this.clock.now() - UNUSED_MS;
    for (let turn = 0; turn < BATCHES; turn++) {
      await this.store.expire(before, BATCH);
      const ids = await this.store.gone(BATCH);
      if (ids.length === 0) return;
      await this.blobs.remove(ids);
      await this.store.forget(ids);
      this.removed += ids.length;
    }
  }

  /** Begins a sweep, unless one is under way. */
  start(): void {
    this.running ??= this.sweep()
      .catch((error: unknown) => {
        this.logger.warn({ event: 'attachments-not-swept', error });
      })
      .finally(() => {
        this.running = null;
      });
  }
}
