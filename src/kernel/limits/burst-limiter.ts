import type { Scheduler } from '../scheduler.js';

/** Per turn of the event loop: about three milliseconds' worth of handshakes. */
const PER_TURN = 16;

/**
 * Admits a few per turn of the event loop, first come, first served. After an outage thousands come
 * and go at once (thundering herd); those who are connected must not wait until the last of them is
 * dealt with.
 */
export class BurstLimiter {
  private readonly waiting: (() => void)[] = [];
  /** How many more this turn admits. */
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
      // The queue used up part of this turn's quota; newcomers get the rest of it.
      this.left = PER_TURN - next.length;
      for (const pass of next) pass();
      this.isTurning = next.length > 0;
      if (this.isTurning) this.turnSoon();
      else this.left = PER_TURN;
    });
  }
}
