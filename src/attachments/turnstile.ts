import { Refusal } from '../kernel/refusal.js';

/** Lets work through a few pieces at a time, in order; the rest waits, up to a number. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws Refusal `busy` where too many wait already; by rejection, as whatever the work does */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside < this.atOnce) this.inside += 1;
    else await this.wait();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.length >= this.mostWaiting) throw new Refusal('busy');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
