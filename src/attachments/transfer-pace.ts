import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Scheduler } from '../kernel/scheduler.js';

/** What one turn of the event loop moves of all files: less than a millisecond's work. */
const BYTES_A_TURN = 256 * 1024;

/** One piece of a file waits for whoever takes it, and no more. */
const AT_HAND = { highWaterMark: 1 };

interface Waiting {
  readonly bytes: number;
  readonly resume: () => void;
}

/**
 * Shares the event loop with those who talk: however many files are sent and read at once, one turn
 * moves so much of all of them, in the order in which they come.
 */
@Injectable()
export class TransferPace {
  private left = BYTES_A_TURN;
  private readonly waiting: Waiting[] = [];
  private isTurning = false;

  constructor(private readonly scheduler: Scheduler) {}

  /** The same pieces, each in its turn; it breaks off where the source does. */
  paced(source: Readable): Readable {
    // Whoever takes the pieces is told of it; an error before the first one must not end the process.
    source.on('error', () => undefined);
    return Readable.from(this.inTurn(source), AT_HAND);
  }

  private async *inTurn(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      await this.enter(piece.length);
      yield piece;
    }
  }

  private async enter(bytes: number): Promise<void> {
    this.endWithTurn();
    if (this.left > 0 && this.waiting.length === 0) this.left -= bytes;
    else await new Promise<void>((resume) => this.waiting.push({ bytes, resume }));
  }

  private endWithTurn(): void {
    if (this.isTurning) return;
    this.isTurning = true;
    this.scheduler.nextTurn(() => {
      this.isTurning = false;
      this.left = BYTES_A_TURN;
      this.admit();
    });
  }

  private admit(): void {
    while (this.left > 0) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.left -= next.bytes;
      next.resume();
    }
    this.endWithTurn();
  }
}
