import type { Command } from '../command.js';
import type { Person } from '../person.js';
import type { Deleted, MessagePlace, Numbered } from '../stored.js';

export const REACTION = 14;

/** Reacts to a message, or takes it back. Twice is once. An Ack answers a `ref`. */
export interface ReactionCommand extends Command {
  readonly type: typeof REACTION;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The number of the message. */
  readonly target: number;
  /** One emoji, or `:name:`. */
  readonly data: string;
  /** `add` unless given. */
  readonly op?: 'add' | 'remove';
}

/** One key of a message's reactions, as it is from here on. */
export interface ReactionState {
  /** How many have reacted with it; 0: it is gone. */
  readonly count: number;
  /** Who came to it, ten at most. */
  readonly added: readonly Person[];
  /** Who took it back, ten at most. */
  readonly removed: readonly Person[];
}

/** People reacted to a message: what came together is one frame. `user` is one of them. */
export type ReactionFrame = Numbered &
  MessagePlace & {
    readonly type: typeof REACTION;
    readonly target: number;
    /** By key, those that changed; none where the message was deleted since. */
    readonly data: Readonly<Record<string, ReactionState>>;
    readonly deleted?: Deleted;
  };
