import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Clock } from '../../../kernel/clock.js';

/** A socket that is pinged. */
export interface Pulse {
  /** Set by every sign of life; cleared by each ping. */
  alive: boolean;
  /** The socket is not being read: its pongs wait unread. */
  readonly isPaused: boolean;
  ping(): void;
  terminate(): void;
}

/** Sockets are spread over so many turns, so that no turn pings them all. */
const SPOKES = 16;

/**
 * Pings every socket once per interval, and ends those that gave no sign of life since the last
 * ping: a dead peer is found within two intervals. One timer serves all.
 */
@Injectable()
export class Heartbeat implements OnApplicationShutdown {
  private readonly spokes: Set<Pulse>[] = Array.from({ length: SPOKES }, () => new Set());
  private readonly turnMs: number;
  private readonly timer: NodeJS.Timeout;
  private lastTurn: number;
  private at = 0;
  /** Turns in which nobody is judged: the service itself was asleep. */
  private pardoned = 0;

  constructor(
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.turnMs = settings.heartbeatIntervalMs / SPOKES;
    this.lastTurn = clock.monotonic();
    this.timer = setInterval(() => {
      this.turn();
    }, this.turnMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @returns stops the pings */
  watch(pulse: Pulse): () => void {
    // The spoke that was just passed: the first ping comes after a whole interval.
    const spoke = this.spokes[(this.at + SPOKES - 1) % SPOKES];
    spoke?.add(pulse);
    return () => spoke?.delete(pulse);
  }

  private turn(): void {
    const now = this.clock.monotonic();
    const late = now - this.lastTurn > Math.max(4 * this.turnMs, 1_000);
    this.lastTurn = now;
    if (late) this.pardoned = SPOKES;
    for (const pulse of this.spokes[this.at] ?? []) this.judge(pulse);
    if (this.pardoned > 0) this.pardoned--;
    this.at = (this.at + 1) % SPOKES;
  }

  private judge(pulse: Pulse): void {
    if (!pulse.alive && !pulse.isPaused && this.pardoned === 0) {
      pulse.terminate();
      return;
    }
    pulse.alive = false;
    pulse.ping();
  }
}
