import type { Clock } from '../../../kernel/clock.js';

/** Most outstanding pongs; a client that owes more forfeits the oldest. */
const MOST_PONGS = 1_000;

/** What a pong means. @param at when it came, in monotonic milliseconds */
type Meaning = (at: number) => void;

/**
 * What each pong of a client means, and when it takes effect: pongs and frames count in the order
 * of arrival, even while frames are queued.
 */
export class Pongs {
  /** The meanings of outstanding pongs, in order. */
  private readonly expected: (Meaning | null)[] = [];
  /** Arrival times of queued frames, and pongs that came after them. */
  private readonly arrived: (number | (() => void))[] = [];

  constructor(private readonly clock: Clock) {}

  /**
   * A ping is sent.
   * @param come called when its pong has come and all frames before it are taken
   */
  expect(come: Meaning | null): void {
    if (this.expected.length >= MOST_PONGS) this.take();
    this.expected.push(come);
  }

  /** A pong came, or is no longer waited for. */
  take(): void {
    const come = this.expected.shift();
    if (!come) return;
    const at = this.clock.monotonic();
    const tell = (): void => {
      come(at);
    };
    if (this.arrived.length === 0) tell();
    else this.arrived.push(tell);
  }

  /** A frame arrived and is queued. */
  frameArrived(): void {
    this.arrived.push(this.clock.monotonic());
  }

  /**
   * A frame is about to be handled: pongs before it count.
   * @returns when the frame came, in monotonic milliseconds
   */
  takeFrame(): number {
    for (;;) {
      const next = this.arrived.shift();
      if (typeof next !== 'function') return next ?? this.clock.monotonic();
      next();
    }
  }
}
