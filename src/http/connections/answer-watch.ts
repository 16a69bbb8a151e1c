import { Logger } from '@nestjs/common';
import { Tally } from '../../kernel/metrics/tally.js';
import type { HttpConnection } from './http-connection.js';
import { takenBy } from './taken.js';

/** Bytes per second that a reader has to take, averaged over a window. */
const MIN_SPEED = 1_024;

export interface AnswerLimits {
  /** How long a reader may take nothing, or too little, of an answer that waits for it. */
  readonly windowMs: number;
  /** Bytes of all answers together that may wait for their readers. */
  readonly bytes: number;
}

/** A process that stalled for longer gave its readers no chance meanwhile. */
const LONGEST_STEP_MS = 2_000;

/** What waits in this process for one reader. */
interface Unread {
  bytes: number;
  /** Milliseconds of the window that have passed. */
  waited: number;
  lookedAt: number;
  /** Bytes that the kernel had taken when the window began. */
  takenBefore: number;
}

/**
 * Bounds answers that nobody reads. What the kernel took counts as read; the rest waits here. A
 * connection is cut where its reader takes less than {@link MIN_SPEED} over a whole window; and,
 * where all readers together are too far behind, the one that has waited for longest is cut first.
 */
export class AnswerWatch {
  /** Connections that were cut, by why. */
  readonly cut = new Tally('reason', ['too-slow', 'memory']);
  /** Bytes that wait now. */
  bytes = 0;
  private readonly unread = new Map<HttpConnection, Unread>();
  private readonly logger = new Logger('HTTP');

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly limits: AnswerLimits,
    private readonly now: () => number,
  ) {}

  /** Checks a connection that has an answer under way, or has just had one. */
  look(connection: HttpConnection): void {
    const { destroyed, writableLength } = connection.socket;
    const bytes = destroyed ? 0 : writableLength;
    if (bytes === 0) {
      this.forget(connection);
      return;
    }
    const known = this.unread.get(connection);
    if (known === undefined) this.begin(connection, bytes);
    else this.judge(connection, known, bytes);
    this.makeRoom();
  }

  forget(connection: HttpConnection): void {
    this.bytes -= this.unread.get(connection)?.bytes ?? 0;
    this.unread.delete(connection);
  }

  private begin(connection: HttpConnection, bytes: number): void {
    this.bytes += bytes;
    const takenBefore = takenBy(connection.socket);
    this.unread.set(connection, { bytes, waited: 0, lookedAt: this.now(), takenBefore });
  }

  private judge(connection: HttpConnection, unread: Unread, bytes: number): void {
    this.bytes += bytes - unread.bytes;
    unread.bytes = bytes;
    const now = this.now();
    unread.waited += Math.min(now - unread.lookedAt, LONGEST_STEP_MS);
    unread.lookedAt = now;
    if (unread.waited < this.limits.windowMs) return;
    const taken = takenBy(connection.socket);
    if (taken - unread.takenBefore < (MIN_SPEED * unread.waited) / 1_000) {
      this.end(connection, 'too-slow');
    } else {
      unread.waited = 0;
      unread.takenBefore = taken;
    }
  }

  private makeRoom(): void {
    while (this.bytes > this.limits.bytes) {
      const [slowest] = this.unread.keys();
      if (slowest === undefined) return;
      this.end(slowest, 'memory');
    }
  }

  private end(connection: HttpConnection, reason: 'too-slow' | 'memory'): void {
    this.cut.count(reason);
    this.logger.warn({ event: 'answer-not-read', reason, bytes: connection.socket.writableLength });
    this.forget(connection);
    connection.socket.destroy();
  }
}
