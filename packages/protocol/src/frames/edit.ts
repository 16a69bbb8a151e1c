import type { Command } from '../command.js';
import type { Deleted, MessagePlace, Numbered } from '../stored.js';

export const EDIT = 12;

/** Gives a message of one's own another text. An Ack answers a `ref`. */
export interface EditCommand extends Command {
  readonly type: typeof EDIT;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The number of the message. */
  readonly target: number;
  /** The whole text. */
  readonly data: string;
  /**
   * The number of the last edit that the author has seen, or that of the message: where somebody else
   * was faster, `edit-conflict`.
   */
  readonly if?: number;
}

/** A message has another text from this number on. */
export type EditFrame = Numbered &
  MessagePlace & {
    readonly type: typeof EDIT;
    readonly target: number;
    /** The whole text; empty where the message was deleted since. */
    readonly data: string;
    readonly deleted?: Deleted;
  };
