import { Injectable } from '@nestjs/common';
import { MarkStore } from '../../chat/marks/mark-store.js';
import { GatheredQuery } from '../../kernel/gathered-query.js';
import { Scheduler } from '../../kernel/scheduler.js';

/** People per query, the store's limit. */
const MOST_AT_ONCE = 500;

/** Checks whether private messages wait for an arriving person. Nearly always none do. */
@Injectable()
export class UndeliveredCheck {
  private readonly query: GatheredQuery<string, boolean>;

  constructor(store: MarkStore, scheduler: Scheduler) {
    this.query = new GatheredQuery(scheduler, MOST_AT_ONCE, async (ids) => {
      const people = await store.undelivered(ids);
      return (id) => people.has(id);
    });
  }

  /** @throws Refusal where the store cannot answer, by rejection */
  has(personId: string): Promise<boolean> {
    return this.query.ask(personId);
  }
}
