import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';

/** How much faster than real time this clock may run while it catches up. */
const CATCH_UP = 2;

/**
 * The clock that final deletion goes by. It follows the wall clock, but catches up with a jump
 * ahead at twice real time only: a clock that is wrong for an hour deletes two hours' worth of what
 * is kept for weeks, and not all of it.
 */
@Injectable()
export class DeletionTime {
  private reached: number;
  private readAt: number;

  constructor(private readonly clock: Clock) {
    this.reached = clock.now();
    this.readAt = clock.monotonic();
  }

  /** Milliseconds since the epoch, never ahead of the wall clock. */
  now(): number {
    const readAt = this.clock.monotonic();
    const ceiling = Math.floor(this.reached + CATCH_UP * (readAt - this.readAt));
    this.reached = Math.min(this.clock.now(), ceiling);
    this.readAt = readAt;
    return this.reached;
  }
}
