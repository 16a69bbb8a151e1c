import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Distribution } from '../../kernel/metrics/distribution.js';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { Turn } from '../../kernel/turn.js';
import { type Draft, type LiveEvent, NO_ORIGIN, type Receipt, type Written } from './event.js';
import { MessageBus } from './message-bus.js';
import { type Appended, EventLog, Unanswered } from './event-log.js';
import { findStored } from './find-stored.js';

/** Drafts per append: enough to amortise an fsync, few enough to keep it short. */
const BATCH_LIMIT = 2_000;
const COMMIT_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;

interface Entry {
  readonly draft: Draft;
  readonly origin: string;
  readonly resolve: (written: Written) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** Somebody else has changed the rows meanwhile: read them again, decide again, and try again. */
export class Stale extends Refusal {
  constructor() {
    super('busy');
  }
}

/**
 * Group commit: gathers drafts while the last batch is being written, and writes them as the next
 * one. The busier the service, the more messages share one commit. A batch is published once it is
 * on disk, and only then acknowledged.
 *
 * Where the store failed before it answered, the fate of the batch is read back before the next one
 * is written: what is stored is published then, whether its authors learn of it or not.
 */
@Injectable()
export class Journal {
  /** Drafts per append. */
  readonly batches = new Distribution([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]);
  /** Seconds from handing a batch to the store to its answer. */
  readonly commits = new Distribution(COMMIT_SECONDS);
  /** Outcomes of drafts. */
  readonly outcomes = new Tally('outcome', [
    ...['stored', 'duplicate', 'conflict', 'stale', 'outside', 'failed', 'busy'],
  ]);
  /** Batches that the bus refused. */
  unpublished = 0;
  private readonly logger = new Logger(Journal.name);
  private readonly queueLimit: number;
  private waiting: Entry[] = [];
  private scheduled = false;
  private writing: Promise<void> | null = null;
  private closed = false;
  /** The batch whose answer was lost, until it is read back. */
  private doubtful: readonly Entry[] = [];
  /** Whether the store refused the last batch. */
  private failing = false;

  constructor(
    private readonly log: EventLog,
    private readonly bus: MessageBus,
    private readonly clock: Clock,
    private readonly turn: Turn,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.queueLimit = settings.limits.journalQueue;
  }

  /**
   * Stores a draft. Drafts are stored in the order of the calls.
   *
   * @param origin the connection it came from
   * @returns its numbers, once it is on disk and on the bus
   * @throws Refusal `busy`, `stopping`, `store-unavailable` (retryable with the same ref),
   *   `ref-conflict`, or `not-a-member` for who has gone from the room meanwhile, by rejection; {@link Stale} where the rows to change are not as expected
   */
  write(draft: Draft, origin: string): Promise<Written> {
    if (this.closed) return Promise.reject(new Refusal('stopping'));
    if (this.waiting.length >= this.queueLimit) {
      this.outcomes.count('busy');
      return Promise.reject(new Refusal('busy'));
    }
    return new Promise<Written>((resolve, reject) => {
      this.waiting.push({ draft, origin, resolve, reject });
      this.schedule();
    });
  }

  /** Accepts nothing more, and resolves when everything accepted is answered. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.waiting.length > 0 || this.writing !== null) {
      this.writing ??= this.writeNext();
      await this.writing;
    }
  }

  /**
   * If the store refused the last batch: tests whether it would take one now.
   * @throws Refusal where it would not, by rejection
   */
  async recover(): Promise<void> {
    if (!this.failing) return;
    await this.log.proveWritable();
    this.failing = false;
  }

  /** Drafts in the queue. */
  get length(): number {
    return this.waiting.length;
  }

  /** The limit of the queue. */
  get limit(): number {
    return this.queueLimit;
  }

  /** Everything from one turn of the event loop goes into one batch. */
  private schedule(): void {
    if (this.writing !== null) return;
    if (this.turn.isLong()) {
      this.writing = this.writeNext();
      return;
    }
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      // If the turn became long, its drafts are taken already.
      if (this.waiting.length > 0) this.writing ??= this.writeNext();
    });
  }

  private async writeNext(): Promise<void> {
    const batch = this.waiting.splice(0, BATCH_LIMIT);
    if (batch.length > 0) await this.append(batch);
    this.writing = null;
    if (this.waiting.length > 0) this.schedule();
  }

  private async append(batch: readonly Entry[]): Promise<void> {
    let results: readonly Appended[];
    const startedAt = this.clock.monotonic();
    try {
      await this.clearDoubt();
      results = await this.log.append(batch.map((entry) => entry.draft));
    } catch (error) {
      await this.fail(batch, error);
      return;
    }
    this.measure(results, this.clock.monotonic() - startedAt);
    this.failing = false;
    this.publish(batch, results);
    for (const [index, entry] of batch.entries()) settle(entry, results[index]);
  }

  /** One bad draft must not fail the others of its batch. */
  private async fail(batch: readonly Entry[], error: unknown): Promise<void> {
    const refusal = error instanceof Refusal ? error : new Refusal('store-unavailable');
    if (refusal.code === 'internal' && batch.length > 1) {
      for (const entry of batch) await this.append([entry]);
      return;
    }
    if (refusal.code === 'store-unavailable') this.failing = true;
    if (error instanceof Unanswered && this.doubtful.length === 0) {
      this.doubtful = batch;
      await this.clearDoubt().catch((reason: unknown) => {
        this.logger.warn({ event: 'batch-in-doubt', error: reason });
      });
    }
    this.outcomes.count('failed', batch.length);
    // Without effect on those found stored: they are settled.
    for (const entry of batch) entry.reject(refusal);
    // A refused author waits for no Ack: what is found stored later goes to that connection, too.
    this.doubtful = this.doubtful.map((entry) => ({ ...entry, origin: NO_ORIGIN }));
  }

  private async clearDoubt(): Promise<void> {
    const batch = this.doubtful;
    if (batch.length === 0) return;
    const receipts = await findStored(
      this.log,
      batch.map((entry) => entry.draft),
    );
    this.doubtful = [];
    const stored = batch.filter((entry) => receipts.has(entry.draft.id));
    this.outcomes.count('stored', stored.length);
    const results = stored.map((entry): Appended | undefined => {
      const receipt = receipts.get(entry.draft.id);
      return receipt && { status: 'stored', receipt };
    });
    this.publish(stored, results);
    for (const [index, entry] of stored.entries()) settle(entry, results[index]);
  }

  private measure(results: readonly Appended[], ms: number): void {
    this.batches.observe(results.length);
    this.commits.observe(ms / 1_000);
    for (const { status } of results) this.outcomes.count(status);
  }

  /** A failure here loses nothing: the hubs read from the store what the bus loses. */
  private publish(batch: readonly Entry[], results: readonly (Appended | undefined)[]): void {
    const events: LiveEvent[] = [];
    for (const [index, { draft, origin }] of batch.entries()) {
      const result = results[index];
      if (result?.status === 'stored') events.push(toEvent(draft, result.receipt, origin));
    }
    if (events.length === 0) return;
    this.bus.publish(events).catch((error: unknown) => {
      this.unpublished++;
      this.logger.error({ event: 'bus-publish-failed', error });
    });
  }
}

function toEvent(draft: Draft, receipt: Receipt, origin: string): LiveEvent {
  return {
    conversation: draft.conversation,
    seq: receipt.seq,
    n: receipt.n,
    id: receipt.id,
    time: receipt.time,
    author: draft.author,
    to: draft.to,
    kind: draft.kind,
    target: draft.target,
    body: draft.body,
    origin,
  };
}

function settle(entry: Entry, result: Appended | undefined): void {
  if (result === undefined) entry.reject(new Refusal('internal', { retryable: true }));
  else if (result.status === 'conflict')
    entry.reject(new Refusal('ref-conflict', { field: 'ref' }));
  else if (result.status === 'stale') entry.reject(new Stale());
  else if (result.status === 'outside')
    entry.reject(new Refusal('not-a-member', { field: 'room' }));
  else entry.resolve({ ...result.receipt, isRepeated: result.status === 'duplicate' });
}
