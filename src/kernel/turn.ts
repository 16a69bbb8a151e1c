import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import { Scheduler } from './scheduler.js';

/** What waits for the end of a turn waits no more where the turn has lasted so long. */
const LONG_MS = 10;

/**
 * Knows how long the present turn of the event loop has lasted. Work that gathers what one turn
 * brings waits for its end, which is soon; but where thousands of sockets come or go at once, one
 * turn lasts for hundreds of milliseconds.
 */
@Injectable()
export class Turn {
  /** When this turn was first looked at, in monotonic milliseconds. */
  private since: number | null = null;

  /** @param scheduler for whoever waits for the end of the turn, or for later ones */
  constructor(
    private readonly clock: Clock,
    readonly scheduler: Scheduler,
  ) {}

  /** For whatever may come in crowds: a turn counts from the first look. */
  look(): void {
    if (this.since !== null) return;
    this.since = this.clock.monotonic();
    this.scheduler.nextTurn(() => {
      this.since = null;
    });
  }

  /** @returns whether to wait for its end no more */
  isLong(): boolean {
    this.look();
    return this.clock.monotonic() - (this.since ?? 0) > LONG_MS;
  }
}
