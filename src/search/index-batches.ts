import { READERS } from '../chat/feed/log-handler.js';
import type { Clock } from '../kernel/clock.js';
import type { Scheduler, Timer } from '../kernel/scheduler.js';
import type { IndexEntry, SearchIndex } from './search-index.js';

const MOST_ENTRIES = 1_000;
/** So many are not kept waiting for others. */
const ENOUGH_ENTRIES = 500;
/** From one commit to the next (ms): two or three syncs a second beside those of the chat. */
const CALM_MS = 400;
/** The same while all readers of the log wait: no more can be read. */
const BUSY_MS = 25;

interface Waiting {
  readonly entries: readonly IndexEntry[];
  readonly isRead: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit for the index: what several conversations bring within a moment is written together. */
export class IndexBatches {
  private waiting: Waiting[] = [];
  private timer: Timer | null = null;
  private isWriting = false;
  /** When the last batch was written (monotonic ms). */
  private writtenAt = Number.NEGATIVE_INFINITY;
  /** Entries that wait, and readers that wait for theirs. */
  private count = 0;
  private readers = 0;

  constructor(
    private readonly index: Pick<SearchIndex, 'put'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /**
   * Rejects as the index does.
   * @param entries at most 1,000
   * @param isRead whether they were read from the log, where no more is read while {@link READERS} wait
   */
  put(entries: readonly IndexEntry[], isRead: boolean): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ entries, isRead, resolve, reject });
      this.count += entries.length;
      if (isRead) this.readers++;
      this.plan();
    });
  }

  private plan(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    this.scheduler.cancel(this.timer);
    const gap = this.readers >= READERS ? BUSY_MS : CALM_MS;
    const wait = this.writtenAt + gap - this.clock.monotonic();
    const delay = this.count >= ENOUGH_ENTRIES ? 0 : Math.max(0, wait);
    this.timer = this.scheduler.after(delay, () => {
      this.timer = null;
      void this.write(this.take());
    });
  }

  private take(): readonly Waiting[] {
    let count = 0;
    const fits = this.waiting.findIndex(({ entries }) => (count += entries.length) > MOST_ENTRIES);
    const taken = this.waiting.splice(0, fits < 0 ? this.waiting.length : Math.max(1, fits));
    for (const { entries, isRead } of taken) {
      this.count -= entries.length;
      if (isRead) this.readers--;
    }
    return taken;
  }

  private async write(taken: readonly Waiting[]): Promise<void> {
    this.isWriting = true;
    try {
      await this.index.put(taken.flatMap(({ entries }) => entries));
      for (const { resolve } of taken) resolve();
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
    this.isWriting = false;
    this.writtenAt = this.clock.monotonic();
    this.plan();
  }
}
