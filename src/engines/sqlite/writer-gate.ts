import { Refusal } from '../../kernel/refusal.js';

/** Waiting requests and transactions. */
const MAX_WAITING = 10_000;

/**
 * Keeps single requests out of open transactions, since there is one writing connection.
 *
 * Single requests pass at once while nobody is inside. When a transaction leaves, all waiting
 * requests go first, then the next transaction: no request waits for more than one transaction, and
 * a transaction only for what came before it. Nobody starves.
 */
export class WriterGate {
  private occupied = false;
  private readonly singles: (() => void)[] = [];
  private readonly transactions: (() => void)[] = [];

  /** Runs the work outside of any transaction. */
  pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.occupied) return work();
    return this.queued((resolve) => {
      this.singles.push(() => {
        resolve(work());
      });
    });
  }

  /** Resolves when nobody else is inside. `leave` must follow. */
  enter(): Promise<void> {
    if (this.occupied) return this.queued((resolve) => this.transactions.push(resolve));
    this.occupied = true;
    return Promise.resolve();
  }

  leave(): void {
    for (const proceed of this.singles.splice(0)) proceed();
    const next = this.transactions.shift();
    this.occupied = next !== undefined;
    next?.();
  }

  private queued<Result>(
    enqueue: (resolve: (result: Result | Promise<Result>) => void) => void,
  ): Promise<Result> {
    if (this.singles.length + this.transactions.length >= MAX_WAITING) {
      return Promise.reject(new Refusal('busy'));
    }
    return new Promise(enqueue);
  }
}
