/** Pongs that are waited for; a client that owes more has given up its claim to them. */
const MOST_PONGS = 1_000;

/**
 * What each pong of a client means, and when it counts: pongs and frames are taken in the order in
 * which they came, also where frames wait to be handled.
 */
export class Pongs {
  /** What each pong that is to come means, in order. */
  private readonly expected: ((() => void) | null)[] = [];
  /** Frames (null) that are not handled yet, and pongs that came behind them. */
  private readonly arrived: ((() => void) | null)[] = [];

  /** A ping goes out. @param come called when its pong is there and all frames before it are taken */
  expect(come: (() => void) | null): void {
    if (this.expected.length >= MOST_PONGS) this.take();
    this.expected.push(come);
  }

  /** A pong came, or is not waited for any more. */
  take(): void {
    const come = this.expected.shift();
    if (!come) return;
    if (this.arrived.length === 0) come();
    else this.arrived.push(come);
  }

  /** A frame came that is to be handled. */
  frameArrived(): void {
    this.arrived.push(null);
  }

  /** A frame is about to be handled: what came before it counts. */
  takeFrame(): void {
    for (let next = this.arrived.shift(); next; next = this.arrived.shift()) next();
  }
}
