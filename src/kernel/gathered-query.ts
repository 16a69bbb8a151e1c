import type { Scheduler } from './scheduler.js';

interface Asked<Key, Value> {
  readonly key: Key;
  readonly answer: (value: Promise<Value>) => void;
}

/**
 * One query for many who ask one by one: those who come in one turn of the event loop, or during a
 * query, share the next one. After a restart thousands ask the same at once (thundering herd).
 */
export class GatheredQuery<Key, Value> {
  private waiting: Asked<Key, Value>[] = [];
  private asking = false;

  /**
   * @param most keys per query
   * @param query answers for all of these keys, each of which comes once; its rejection is that of
   *   everybody who asked
   */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly most: number,
    private readonly query: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
  ) {}

  ask(key: Key): Promise<Value> {
    return new Promise((answer) => {
      this.waiting.push({ key, answer });
      if (!this.asking) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.asking = true;
    while (this.waiting.length > 0) {
      await this.scheduler.endOfTurn();
      const batch = this.waiting.splice(0, this.most);
      const found = this.query([...new Set(batch.map(({ key }) => key))]);
      for (const { key, answer } of batch) answer(found.then((valueOf) => valueOf(key)));
      await found.catch(() => undefined);
    }
    this.asking = false;
  }
}
