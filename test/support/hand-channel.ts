import type { Channel } from '../../src/gateway/wire/channel.js';
import type { CloseFrame } from '../../src/gateway/wire/close-codes.js';

/** A socket whose peer takes only what the test says. */
export class HandChannel implements Channel {
  queuedBytes = 0;
  readonly takenBytes = 0;
  /** Everything written, joined. */
  written = '';
  /** The number of writes. */
  writes = 0;
  ended: 'terminated' | number | null = null;

  write(bytes: Buffer): void {
    this.queuedBytes += bytes.length;
    this.written += bytes.toString('latin1');
    this.writes++;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  pause(): void {
    // It is not read.
  }

  resume(): void {
    // It is not read.
  }

  close({ code }: CloseFrame): void {
    this.ended = code;
  }

  terminate(): void {
    this.ended = 'terminated';
  }
}
