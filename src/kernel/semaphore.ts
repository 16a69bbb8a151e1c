/** Lets so many do something at a time. The others wait, and have their turn in the order they came. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly places: number) {}

  /** @returns what the work does, or rejects as it does */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running < this.places) this.running++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A place is handed on, so that no newcomer takes it.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }
}
