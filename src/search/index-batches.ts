import type { Clock } from '../kernel/clock.js';
import type { Scheduler, Timer } from '../kernel/scheduler.js';
import type { IndexEntry, SearchIndex } from './search-index.js';

const MOST_ENTRIES = 1_000;
/** So many are not kept waiting for others. */
const ENOUGH_ENTRIES = 500;
/** From one commit to the next (ms): two or three syncs a second beside those of the chat. */
const CALM_MS = 400;
/** So many that wait, and nobody after them for a while (ms): the follower waits for them, and no more can come. */
const ALL_PLACES = 8;
const QUIET_MS = 25;

interface Waiting {
  readonly entries: readonly IndexEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit for the index: what several conversations bring within a moment is written together. */
export class IndexBatches {
  private waiting: Waiting[] = [];
  private timer: Timer | null = null;
  private isWriting = false;
  /** When the last batch was written, and when the last entries came (monotonic ms). */
  private writtenAt = Number.NEGATIVE_INFINITY;
  private cameAt = Number.NEGATIVE_INFINITY;
  /** Entries that wait. */
  private count = 0;

  constructor(
    private readonly index: Pick<SearchIndex, 'put'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** @param entries at most 1,000. Rejects as the index does. */
  put(entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ entries, resolve, reject });
      this.count += entries.length;
      this.cameAt = this.clock.monotonic();
      this.plan();
    });
  }

  private plan(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    this.scheduler.cancel(this.timer);
    const isFull = this.waiting.length >= ALL_PLACES;
    const quietAt = Math.max(this.writtenAt, this.cameAt) + QUIET_MS;
    const calmAt = this.writtenAt + CALM_MS;
    const wait = Math.min(calmAt, isFull ? quietAt : calmAt) - this.clock.monotonic();
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
    this.count -= taken.reduce((sum, { entries }) => sum + entries.length, 0);
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
