import type { Command } from '../command.js';
import type { MessagePlace, Numbered } from '../stored.js';

export const PIN = 17;

/** Pins a message, or takes it down. Twice is once. An Ack answers a `ref`. */
export interface PinCommand extends Command {
  readonly type: typeof PIN;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The number of the message. */
  readonly target: number;
  readonly data: boolean;
}

/** A message is pinned from this number on, or no longer. */
export type PinFrame = Numbered &
  MessagePlace & {
    readonly type: typeof PIN;
    readonly target: number;
    readonly data: boolean;
  };
