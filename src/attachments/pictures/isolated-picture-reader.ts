import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { PictureReader, type ReadPicture } from '../picture-reader.js';
import type { PictureJob } from './picture-protocol.js';
import { PICTURE_TYPES } from './picture-types.js';
import { PictureWorker } from './picture-worker.js';

/** Pictures that are read at the same time, each in a process of its own. */
const WORKERS = 2;
/** Pictures that wait for one of them, and their bytes, where they are held in memory. */
const WAITING_MAX = 64;
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** About what a photograph takes, by the number that may wait. */
const RETRY_AFTER_MS = 5_000;

interface Waiting {
  readonly bytes: number;
  readonly go: (worker: PictureWorker) => void;
  readonly refuse: (reason: Refusal) => void;
}

/**
 * Reads pictures in processes of their own, a few at a time, first come, first served. What decoders do
 * with strangers' bytes, however long and with whatever end, does not touch the service.
 */
@Injectable()
export class IsolatedPictureReader extends PictureReader implements OnApplicationShutdown {
  private readonly workers: readonly PictureWorker[];
  private readonly free: PictureWorker[];
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private isStopping = false;

  constructor(@Inject(Scheduler) scheduler: Scheduler) {
    super();
    this.workers = Array.from({ length: WORKERS }, () => new PictureWorker(scheduler));
    this.free = [...this.workers];
  }

  /** The processes that run at present. */
  get pids(): readonly number[] {
    return this.workers.map(({ pid }) => pid).filter((pid) => pid !== null);
  }

  /** @throws Refusal `busy`, retryable, where too many wait */
  override async read(source: Buffer | string, type: string): Promise<ReadPicture | null> {
    if (!PICTURE_TYPES.has(type)) return null;
    const worker = this.free.pop() ?? (await this.nextFree({ source, type }));
    try {
      return await worker.read({ source, type });
    } finally {
      this.release(worker);
    }
  }

  onApplicationShutdown(): void {
    this.isStopping = true;
    for (const worker of this.workers) worker.stop();
    for (const { refuse } of this.waiting) refuse(new Refusal('stopping'));
    this.waiting = [];
  }

  private nextFree({ source }: PictureJob): Promise<PictureWorker> {
    if (this.isStopping) throw new Refusal('stopping');
    const bytes = typeof source === 'string' ? 0 : source.length;
    if (this.waiting.length >= WAITING_MAX || this.waitingBytes + bytes > WAITING_BYTES_MAX) {
      throw new Refusal('busy', { retryAfter: RETRY_AFTER_MS });
    }
    this.waitingBytes += bytes;
    return new Promise((go, refuse) => this.waiting.push({ bytes, go, refuse }));
  }

  private release(worker: PictureWorker): void {
    const next = this.waiting.shift();
    if (next === undefined) {
      this.free.push(worker);
      return;
    }
    this.waitingBytes -= next.bytes;
    next.go(worker);
  }
}
