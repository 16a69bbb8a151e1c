import type { ServerResponse } from 'node:http';
import { Refusal } from '../../../kernel/refusal.js';

/**
 * Backpressure for long polling. Engine.IO hands an answer to the network and is ready for the next
 * poll; a client that polls on new connections and reads none of the answers would make the service
 * buffer them all. So a poll waits until the previous answer has been taken.
 */
export class PollAnswers {
  private latest: ServerResponse | null = null;
  private isWaitedFor = false;

  /** Bytes of the latest answer that the kernel has not taken. */
  get unreadBytes(): number {
    return this.latest !== null && isUnread(this.latest) ? this.latest.writableLength : 0;
  }

  answerWith(response: ServerResponse): void {
    this.latest = response;
  }

  /**
   * Resolves when the previous answer was taken, or its connection is gone; null where it is
   * already.
   * @throws Refusal where another poll waits already
   */
  wait(): Promise<void> | null {
    const { latest } = this;
    if (latest === null || !isUnread(latest)) return null;
    if (this.isWaitedFor) throw new Refusal('bad-request');
    this.isWaitedFor = true;
    return new Promise((resolve) => {
      const done = (): void => {
        latest.off('finish', done);
        latest.off('close', done);
        this.isWaitedFor = false;
        resolve();
      };
      latest.on('finish', done);
      latest.on('close', done);
    });
  }

  /** Cuts off an answer that nobody reads. */
  abandon(): void {
    if (this.latest !== null && isUnread(this.latest)) this.latest.socket?.destroy();
  }
}

/** Answered, and not taken yet. */
function isUnread(response: ServerResponse): boolean {
  return response.writableEnded && !response.writableFinished && !response.destroyed;
}
