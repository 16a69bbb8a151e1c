import { Injectable } from '@nestjs/common';
import { MarkStore } from '../../chat/marks/mark-store.js';
import { Scheduler } from '../../kernel/scheduler.js';

/** People per query, the store's limit. */
const MOST_AT_ONCE = 500;

interface Asked {
  readonly personId: string;
  readonly answer: (has: Promise<boolean>) => void;
}

/**
 * Checks whether private messages wait for an arriving person. Nearly always none do, and after a
 * restart thousands arrive at once: those who come in one turn of the event loop, or during a
 * query, share the next query.
 */
@Injectable()
export class UndeliveredCheck {
  private waiting: Asked[] = [];
  private asking = false;

  constructor(
    private readonly store: MarkStore,
    private readonly scheduler: Scheduler,
  ) {}

  /** @throws Refusal where the store cannot answer, by rejection */
  has(personId: string): Promise<boolean> {
    return new Promise((answer) => {
      this.waiting.push({ personId, answer });
      if (!this.asking) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.waiting.length > 0) {
      await this.scheduler.endOfTurn();
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      const found = this.store.undelivered([...new Set(batch.map((one) => one.personId))]);
      for (const { personId, answer } of batch) {
        answer(found.then((people) => people.has(personId)));
      }
      await found.catch(() => undefined);
    }
    this.asking = false;
  }
}
