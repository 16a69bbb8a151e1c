import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type DeliveredMark, MarkStore } from './mark-store.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';

const WRITE_EVERY_MS = 1_000;

/**
 * Tracks how far each person's private conversations were delivered, so that what came during an
 * absence is delivered on return. Marks are written in batches, once a second: after a crash the
 * last second's messages come again, with their old numbers, rather than not at all.
 */
@Injectable()
export class DeliveryMarks implements OnApplicationShutdown {
  private readonly logger = new Logger(DeliveryMarks.name);
  private marks = new Map<string, DeliveredMark>();
  /** The last batch: whoever queried the store before may not have seen it. */
  private written: ReadonlyMap<string, DeliveredMark> = new Map();
  private timer: Timer | null = null;

  constructor(
    private readonly store: MarkStore,
    private readonly scheduler: Scheduler,
  ) {}

  note(personId: string, conversation: ConversationKey, seq: number): void {
    const key = keyOf(personId, conversation);
    const known = this.marks.get(key);
    if (known === undefined || known.seq < seq)
      this.marks.set(key, { personId, conversation, seq });
    this.timer ??= this.scheduler.after(WRITE_EVERY_MS, () => {
      this.timer = null;
      void this.write();
    });
  }

  /** The mark, where it may not be in the store yet; else 0. */
  noted(personId: string, conversation: ConversationKey): number {
    const key = keyOf(personId, conversation);
    return this.marks.get(key)?.seq ?? this.written.get(key)?.seq ?? 0;
  }

  /** Writes pending marks. A failure is logged; the next delivery notes the mark again. */
  async write(): Promise<void> {
    if (this.marks.size === 0) return;
    const marks = this.marks;
    this.written = marks;
    this.marks = new Map();
    try {
      await this.store.markDelivered([...marks.values()]);
    } catch (error) {
      this.logger.warn({ event: 'delivery-marks-not-written', error });
    }
  }

  /** The engines close after the gateway's drain, which calls {@link write}. */
  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }
}

function keyOf(personId: string, conversation: ConversationKey): string {
  return `${personId} ${conversation}`;
}
