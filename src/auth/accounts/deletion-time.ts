import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';

/** How much faster than time itself the clock may go and be followed. */
const CATCH_UP = 2;

/**
 * The time by which things are forgotten for good. It follows the wall clock, but not a jump ahead of
 * it: that is caught up with at twice the speed of time. So a clock that is wrong for an hour takes two
 * hours of what is kept for weeks, and not all of it.
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
