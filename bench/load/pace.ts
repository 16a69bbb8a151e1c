import { Histogram } from './histogram.js';
import type { Ledger } from './ledger.js';

const TICK_MS = 1;
const BACKLOG_SECONDS = 2;

/** Decides when messages are sent. */
export interface Pace {
  start(): void;
  stop(): void;
  /** Messages per second of an open loop; null where the server sets the pace. */
  readonly rate: number | null;
  /** Too much was waiting for the server: sending was given up. */
  readonly isBehind: boolean;
  /** How late messages were sent, in milliseconds. */
  readonly lateness: Histogram;
}

/** Keeps this many messages in flight: when one has reached everybody, the next one is sent. */
export class ClosedLoop implements Pace {
  readonly rate = null;
  readonly isBehind = false;
  readonly lateness = new Histogram();

  constructor(
    private readonly ledger: Ledger,
    private readonly inFlight: number,
    private readonly send: (due: number) => void,
  ) {}

  start(): void {
    this.ledger.onCompleted = () => {
      this.send(performance.now());
    };
    for (let count = 0; count < this.inFlight; count += 1) this.send(performance.now());
  }

  stop(): void {
    this.ledger.onCompleted = () => undefined;
  }
}

/** Sends at a fixed rate, whether or not the server keeps up. */
export class OpenLoop implements Pace {
  isBehind = false;
  readonly lateness = new Histogram();
  private readonly interval: number;
  private readonly backlog: number;
  private due = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Ledger,
    readonly rate: number,
    private readonly send: (due: number) => void,
  ) {
    this.interval = 1000 / rate;
    this.backlog = rate * BACKLOG_SECONDS;
  }

  start(): void {
    this.due = performance.now();
    this.ledger.onPause = (now) => {
      this.sendDue(now);
    };
    this.timer = setInterval(() => {
      this.sendDue(performance.now());
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.ledger.onPause = () => undefined;
  }

  private sendDue(now: number): void {
    if (this.isBehind) return;
    while (this.due <= now) {
      if (this.ledger.outstanding > this.backlog) {
        this.isBehind = true;
        return;
      }
      this.lateness.record(now - this.due);
      this.send(this.due);
      this.due += this.interval;
    }
  }
}
