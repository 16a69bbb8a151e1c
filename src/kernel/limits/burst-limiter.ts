import type { Scheduler } from '../scheduler.js';

/** In one turn of the event loop: of handshakes some three milliseconds. */
const PER_TURN = 16;

/**
 * Lets a few through per turn, first come, first served. After a cut thousands come and go in the
 * same moment; those who are connected must not wait until the last of them has been dealt with.
 */
export class BurstLimiter {
  private readonly waiting: (() => void)[] = [];
  /** Those whom this turn lets in at most, from here on. */
  private left = PER_TURN;
  private isTurning = false;

  constructor(private readonly scheduler: Scheduler) {}

  /** @param pass called at once, or in one of the next turns. Must not throw */
  enter(pass: () => void): void {
    if (!this.isTurning) this.turnSoon();
    if (this.left === 0 || this.waiting.length > 0) {
      this.waiting.push(pass);
      return;
    }
    this.left -= 1;
    pass();
  }

  private turnSoon(): void {
    this.isTurning = true;
    this.scheduler.nextTurn(() => {
      const next = this.waiting.splice(0, PER_TURN);
      // Who comes after them, in what is left of this turn, waits where they filled it.
      this.left = PER_TURN - next.length;
      for (const pass of next) pass();
      this.isTurning = next.length > 0;
      if (this.isTurning) this.turnSoon();
      else this.left = PER_TURN;
    });
  }
}
