import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';

/** A socket that is pinged. */
export interface Pulse {
  /** There was a sign of life since the last ping, or there was no ping yet. */
  readonly isAlive: boolean;
  /** The socket is not being read: its pongs wait unread. */
  readonly isPaused: boolean;
  /** Bytes queued for the peer, and bytes it has taken so far. */
  readonly queuedBytes: number;
  readonly takenBytes: number;
  /** From here on a sign of life has to come anew. */
  ping(): void;
  terminate(): void;
}

/** A timer wheel: sockets are spread over these ticks, so that no tick pings them all. */
const SPOKES = 16;

/**
 * Pings every socket once per interval, and ends those that gave no sign of life since the last
 * ping, and those that took nothing of what is queued for them: a peer that is dead, or does not
 * read, is found within two intervals, however much is queued. One timer serves all.
 */
@Injectable()
export class Heartbeat implements OnApplicationShutdown {
  private readonly spokes: Set<Pulse>[] = Array.from({ length: SPOKES }, () => new Set());
  /** What sockets had taken by their last ping, those for which something was queued then. */
  private readonly takenBefore = new WeakMap<Pulse, number>();
  private readonly tickMs: number;
  private readonly timer: Timer;
  private lastTick: number;
  private at = 0;
  /** Ticks in which nobody is judged, since the service itself was suspended. */
  private pardoned = 0;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.tickMs = settings.heartbeatIntervalMs / SPOKES;
    this.lastTick = clock.monotonic();
    this.timer = scheduler.every(this.tickMs, () => {
      this.tick();
    });
  }

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }

  /** @returns stops the pings */
  watch(pulse: Pulse): () => void {
    // The spoke just passed: the first ping comes after a whole interval.
    const spoke = this.spokes[(this.at + SPOKES - 1) % SPOKES];
    spoke?.add(pulse);
    return () => spoke?.delete(pulse);
  }

  private tick(): void {
    const now = this.clock.monotonic();
    const late = now - this.lastTick > Math.max(4 * this.tickMs, 1_000);
    this.lastTick = now;
    if (late) this.pardoned = SPOKES;
    for (const pulse of this.spokes[this.at] ?? []) this.judge(pulse);
    if (this.pardoned > 0) this.pardoned--;
    this.at = (this.at + 1) % SPOKES;
  }

  private judge(pulse: Pulse): void {
    if ((isSilent(pulse) || this.isStuck(pulse)) && this.pardoned === 0) {
      pulse.terminate();
      return;
    }
    pulse.ping();
    if (pulse.queuedBytes > 0) this.takenBefore.set(pulse, pulse.takenBytes);
    else this.takenBefore.delete(pulse);
  }

  /** Something was queued all the time, and nothing was taken. */
  private isStuck(pulse: Pulse): boolean {
    const takenBefore = this.takenBefore.get(pulse);
    return takenBefore !== undefined && pulse.queuedBytes > 0 && pulse.takenBytes <= takenBefore;
  }
}

/** A socket that is not read cannot show life. */
function isSilent({ isAlive, isPaused }: Pulse): boolean {
  return !isAlive && !isPaused;
}
