import type { ConversationKey } from '../../chat/conversations/key.js';
import { parseKey } from '../../chat/conversations/key.js';

/** People worth caching; beyond that the database is asked about everybody. */
const CAPACITY = 50_000;

/** Queries who of these people, or of all, has something undelivered. */
export interface UndeliveredQuery {
  readonly ofAll: (limit: number) => Promise<readonly string[]>;
  readonly of: (people: readonly string[]) => Promise<ReadonlySet<string>>;
}

/**
 * Caches who may have undelivered private messages, so that the arrival of somebody who has none,
 * which is nearly everybody, costs no query. It errs on one side only: whoever has something is in
 * it.
 */
export class PendingDirects {
  /** Each person with the time of the latest reason; null where there are too many. */
  private people: Map<string, number> | null = new Map();
  private moment = 0;
  private loading: Promise<void> | null = null;

  constructor(private readonly query: UndeliveredQuery) {}

  /** To be called when a batch is, or may be, committed, before anybody hears of it. */
  note(conversation: ConversationKey): void {
    if (this.people === null) return;
    const parsed = parseKey(conversation);
    if (parsed.kind !== 'direct') return;
    this.moment += 1;
    for (const id of parsed.members) this.people.set(id, this.moment);
    this.forgetIfMany();
  }

  async among(people: readonly string[]): Promise<ReadonlySet<string>> {
    await this.load();
    const known = this.people;
    const asked = known === null ? people : people.filter((id) => known.has(id));
    if (asked.length === 0) return new Set();
    const moments = asked.map((id) => known?.get(id));
    const found = await this.query.of(asked);
    for (const [index, id] of asked.entries()) {
      if (!found.has(id) && known?.get(id) === moments[index]) known?.delete(id);
    }
    return found;
  }

  /** Loads what was stored before this process started. A failure is retried with the next call. */
  private load(): Promise<void> {
    this.loading ??= this.read().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  private async read(): Promise<void> {
    for (const id of await this.query.ofAll(CAPACITY + 1)) {
      if (this.people?.has(id) === false) this.people.set(id, 0);
    }
    this.forgetIfMany();
  }

  private forgetIfMany(): void {
    if (this.people !== null && this.people.size > CAPACITY) this.people = null;
  }
}
