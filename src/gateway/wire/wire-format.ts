import type { OutgoingFrame } from './frames.js';
import type { Command } from './command.js';

/** The kinds of wire that there are, as metrics call them. */
export const WIRES = ['websocket', 'socket.io'] as const;

export type Wire = (typeof WIRES)[number];

/**
 * How frames look on one kind of wire. One object serves all connections of that kind, so that the
 * hub encodes each message once per format, however many members there are.
 */
export interface WireFormat {
  readonly wire: Wire;

  /** Ready to be written to the socket as it is; encoded frames may be joined. */
  encode(frame: OutgoingFrame): Buffer;

  /** @throws Refusal where the bytes are not a frame */
  decode(text: string): Command;

  /** Whether a message to a room goes to the very connection that said it, too. */
  readonly echoes: boolean;
}
