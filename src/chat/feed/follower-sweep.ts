import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { Behind, FollowerCursors } from './follower-cursors.js';

/** Rounds take at most this part of the time, however many conversations there are. */
const SHARE = 1 / 20;

export interface Swept {
  readonly follower: string;
  /** From the end of a round to the next one, at the least (ms). */
  readonly everyMs: () => number;
  /** Whether there is room for more that is behind. */
  readonly hasRoom: () => boolean;
  readonly found: (behind: Behind) => void;
}

/**
 * Asks the store, round after round, in which conversations a follower is behind: after a start, and
 * for what nobody told this node of. Where there is no room for what is found a round is broken off.
 */
export class FollowerSweep {
  private readonly logger = new Logger('FollowerSweep');
  private timer: Timer | null = null;
  private round: Promise<void> | null = null;
  private running = false;
  /** Where the round goes on that was broken off. */
  private after = 0;
  private failing = false;
  private whole = false;

  constructor(
    private readonly cursors: Pick<FollowerCursors, 'behind'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly swept: Swept,
  ) {}

  /** Whether a round through all conversations has ended since the start. */
  get isWhole(): boolean {
    return this.whole;
  }

  /** Begins with a round. */
  start(): void {
    this.running = true;
    this.whole = false;
    this.after = 0;
    this.go();
  }

  stop(): void {
    this.running = false;
    this.scheduler.cancel(this.timer);
    this.timer = null;
  }

  /** Resolves when no question is under way. */
  async ended(): Promise<void> {
    await this.round;
  }

  private go(): void {
    // Stopped and started again while a question was under way: its round goes on.
    if (this.round !== null) return;
    const beganAt = this.clock.monotonic();
    this.round = this.goRound().finally(() => {
      this.round = null;
      if (!this.running) return;
      const took = this.clock.monotonic() - beganAt;
      this.timer = this.scheduler.after(Math.max(this.swept.everyMs(), took / SHARE), () => {
        this.timer = null;
        this.go();
      });
    });
  }

  private async goRound(): Promise<void> {
    const { follower } = this.swept;
    try {
      while (await this.goOn());
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ event: 'follower-not-swept', follower, error });
      this.failing = true;
    }
  }

  /** @returns whether the round goes on */
  private async goOn(): Promise<boolean> {
    const { follower, hasRoom, found } = this.swept;
    const { items, next } = await this.cursors.behind(follower, this.after);
    if (!this.running) return false;
    items.forEach(found);
    // What found no room is asked for again.
    if (!hasRoom()) return false;
    this.after = next ?? 0;
    this.whole ||= next === null;
    return next !== null;
  }
}
