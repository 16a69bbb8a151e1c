import type { OutgoingFrame } from './frames.js';
import type { Command } from './command.js';

/** The kinds of wire, as metrics call them. */
export const WIRES = ['websocket', 'socket.io'] as const;

export type Wire = (typeof WIRES)[number];

/**
 * How frames look on one kind of wire. One object serves all connections of that kind, so that the
 * hub encodes each message once per format, however many members there are.
 */
export interface WireFormat {
  readonly wire: Wire;

  /** Ready to be written to the socket; encoded frames may be concatenated. */
  encode(frame: OutgoingFrame): Buffer;

  /** @throws Refusal where the text is not a frame */
  decode(text: string): Command;

  /** Whether a message to a room is also sent to the connection it came from. */
  readonly echoes: boolean;
}
