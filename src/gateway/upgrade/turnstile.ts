/** Handshakes in one turn of the event loop: some three milliseconds of it. */
const PER_TURN = 16;

/**
 * Lets arrivals in a few per turn, first come, first served. After a cut thousands come in the same
 * moment; those who are connected must not wait until the last of them has been dealt with.
 */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private isTurning = false;

  /** @param arrive called in one of the next turns. Must not throw */
  enter(arrive: () => void): void {
    this.waiting.push(arrive);
    if (!this.isTurning) this.turnSoon();
  }

  private turnSoon(): void {
    this.isTurning = true;
    setImmediate(() => {
      for (const arrive of this.waiting.splice(0, PER_TURN)) arrive();
      this.isTurning = this.waiting.length > 0;
      if (this.isTurning) this.turnSoon();
    });
  }
}
