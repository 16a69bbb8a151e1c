import type { Clock } from '../../../kernel/clock.js';

/** Pongs that are waited for; a client that owes more has given up its claim to them. */
const MOST_PONGS = 1_000;

/** What a pong means. @param at when it came, in monotonic milliseconds */
type Meaning = (at: number) => void;

/**
 * What each pong of a client means, and when it counts: pongs and frames are taken in the order in
 * which they came, also where frames wait to be handled.
 */
export class Pongs {
  /** What each pong that is to come means, in order. */
  private readonly expected: (Meaning | null)[] = [];
  /** Frames that are not handled yet, by when they came, and pongs that came behind them. */
  private readonly arrived: (number | (() => void))[] = [];

  constructor(private readonly clock: Clock) {}

  /** A ping goes out. @param come called when its pong is there and all frames before it are taken */
  expect(come: Meaning | null): void {
    if (this.expected.length >= MOST_PONGS) this.take();
    this.expected.push(come);
  }

  /** A pong came, or is not waited for any more. */
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

  /** A frame came that is to be handled. */
  frameArrived(): void {
    this.arrived.push(this.clock.monotonic());
  }

  /**
   * A frame is about to be handled: what came before it counts.
   * @returns when it came, in monotonic milliseconds
   */
  takeFrame(): number {
    for (;;) {
      const next = this.arrived.shift();
      if (typeof next !== 'function') return next ?? this.clock.monotonic();
      next();
    }
  }
}
