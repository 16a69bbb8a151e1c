import type { CloseFrame } from './close-codes.js';

/** What a transport offers of one open socket. */
export interface Channel {
  /** Bytes written that the kernel has not taken yet. */
  readonly queuedBytes: number;

  /** Bytes written and taken so far: stands still while the peer takes nothing. */
  readonly takenBytes: number;

  /** Writes encoded frames. Never throws; a dead socket swallows them. */
  write(bytes: Buffer): void;

  /** Resolves when everything written has been taken, or the socket is gone. */
  drained(): Promise<void>;

  /** Stops or resumes reading from the client. */
  pause(): void;
  resume(): void;

  /** Starts the closing handshake, and ends the socket where the client does not answer in time. */
  close(why: CloseFrame): void;

  /** Ends the socket at once. */
  terminate(): void;
}
