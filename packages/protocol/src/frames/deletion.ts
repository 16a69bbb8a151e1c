import type { Command } from '../command.js';
import type { MessagePlace, Numbered } from '../stored.js';

export const DELETION = 13;

/** Deletes a message of one's own; with the right, anybody's, or many. An Ack answers a `ref`. */
export interface DeletionCommand extends Command {
  readonly type: typeof DELETION;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The number of the message, or the first and the last of at most 100. */
  readonly target: number | readonly [number, number];
  /** Why, for people. */
  readonly reason?: string;
}

/**
 * These messages are deleted: what a client keeps of them is the number, whose each is, and the time.
 * Whatever comes about them later is to be ignored.
 */
export type DeletionFrame = Numbered &
  MessagePlace & {
    readonly type: typeof DELETION;
    readonly target: number | readonly [number, number];
    readonly reason?: string;
  };
