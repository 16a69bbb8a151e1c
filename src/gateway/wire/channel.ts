import type { CloseFrame } from './close-codes.js';

/** What a transport offers of one open socket. */
export interface Channel {
  /** Bytes that were written and that the kernel has not taken yet. */
  readonly queuedBytes: number;

  /** Bytes that were written and taken, so far: stands still while nothing is. */
  readonly takenBytes: number;

  /** Writes encoded frames. Never throws; a dead socket swallows them. */
  write(bytes: Buffer): void;

  /** Resolves when what was written has been taken, or the socket is gone. */
  drained(): Promise<void>;

  /** Stops or resumes reading from the client. */
  pause(): void;
  resume(): void;

  /** Says goodbye, and ends the socket where the client does not answer in time. */
  close(why: CloseFrame): void;

  /** Ends the socket at once. */
  terminate(): void;
}
