import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { DeletionTime } from '../accounts/deletion-time.js';
import { FamiliarAddresses } from '../accounts/familiar-addresses.js';
import { SessionStore } from './session-store.js';

const EVERY_MS = 10 * 60 * 1000;

/** Has the store prune, now and then, what has ended. */
@Injectable()
export class SessionPruning implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('SessionPruning');
  private timer: Timer | null = null;

  constructor(
    private readonly store: SessionStore,
    private readonly familiar: FamiliarAddresses,
    private readonly time: DeletionTime,
    private readonly scheduler: Scheduler,
  ) {}

  onModuleInit(): void {
    this.timer = this.scheduler.every(EVERY_MS, () => void this.prune());
  }

  onModuleDestroy(): void {
    this.scheduler.cancel(this.timer);
  }

  private async prune(): Promise<void> {
    try {
      const now = this.time.now();
      await this.store.prune(now);
      await this.familiar.prune(now);
    } catch (error) {
      this.logger.warn({ event: 'pruning-failed', error });
    }
  }
}
