import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import { Scheduler } from './scheduler.js';

/** Work that batches until the end of the turn no longer waits once a turn has lasted this long. */
const LONG_MS = 10;

/**
 * Measures the present turn of the event loop. Work that batches what one turn brings waits for its
 * end, which is soon; but when thousands of sockets come or go at once, one turn lasts for hundreds
 * of milliseconds.
 */
@Injectable()
export class Turn {
  /** When this turn was first measured, in monotonic milliseconds. */
  private since: number | null = null;

  /** @param scheduler for work that waits for the end of the turn, or for later ones */
  constructor(
    private readonly clock: Clock,
    readonly scheduler: Scheduler,
  ) {}

  /** Called by whatever may come in bursts: a turn is measured from the first call. */
  look(): void {
    if (this.since !== null) return;
    this.since = this.clock.monotonic();
    this.scheduler.nextTurn(() => {
      this.since = null;
    });
  }

  /** @returns whether batching should no longer wait for the turn's end */
  isLong(): boolean {
    this.look();
    return this.clock.monotonic() - (this.since ?? 0) > LONG_MS;
  }
}
