import type { Command } from '../command.js';
import type { Person } from '../person.js';

export const TYPING = 10;

/**
 * "I am typing here", and again every few seconds for as long as it is so: more often than every 3 s
 * in one conversation it is ignored. Nothing answers it but a Reject.
 */
export interface TypingCommand extends Command {
  readonly type: typeof TYPING;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name, in any case or width. */
  readonly to?: string;
  /** No longer. */
  readonly data?: false;
}

/**
 * Everybody who is typing in a conversation, but for oneself: the whole set, in place of the one
 * before. It has no number, is stored nowhere, and may be left out for a slow reader.
 */
export type TypingFrame = {
  readonly type: typeof TYPING;
  readonly user: null;
  /** Five people at most, those first who began first. */
  readonly data: readonly Person[];
  /** How many there are, which may be more than `data` holds. */
  readonly total: number;
  /** Milliseconds after which nobody of them is typing any more, where nothing else is said. */
  readonly ttl: number;
} & (
  | { readonly room: string }
  /** The name of the other person, who is the only one that `data` can hold. */
  | { readonly to: string }
);
