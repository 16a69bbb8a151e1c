import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type DeliveredMark, MarkStore } from './mark-store.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';

const WRITE_EVERY_MS = 1_000;

/**
 * Remembers how far each person's private conversations were delivered, so that what was said to
 * somebody absent comes on return. Marks are written once a second, many as one: after a crash the
 * last second's messages come again, with their old numbers, rather than not at all.
 */
@Injectable()
export class DeliveryMarks implements OnApplicationShutdown {
  private readonly logger = new Logger(DeliveryMarks.name);
  private marks = new Map<string, DeliveredMark>();
  /** The last that were written: who asked the store before may not have seen them. */
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

  /** Up to where it was delivered, where the store may not know yet; 0 where it does. */
  noted(personId: string, conversation: ConversationKey): number {
    const key = keyOf(personId, conversation);
    return this.marks.get(key)?.seq ?? this.written.get(key)?.seq ?? 0;
  }

  /** Writes what waits. A failure is logged; the marks are noted again with the next delivery. */
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

  /** The engines are closed after the gateway's drain, which calls {@link write}. */
  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }
}

function keyOf(personId: string, conversation: ConversationKey): string {
  return `${personId} ${conversation}`;
}
