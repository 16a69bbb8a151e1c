import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/conversation.js';

/** Something that somebody wants to say, before it is stored. */
export interface Draft {
  readonly conversation: ConversationKey;
  /** ULID: sorts by the time of its making. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly author: Person;
  /** The other person of a direct conversation; null in a room. */
  readonly to: Person | null;
  readonly text: string;
  /** Chosen by the author's client; makes the draft idempotent. */
  readonly ref: string | null;
}

/** An entry in a conversation's log. */
export interface ChatEvent {
  readonly conversation: ConversationKey;
  /** Contiguous in its conversation, from 1. */
  readonly seq: number;
  readonly id: string;
  readonly time: number;
  readonly author: Person;
  readonly to: Person | null;
  readonly text: string;
}

/** The origin of what no connection waits for an Ack of: it is told to everybody. */
export const NO_ORIGIN = '';

/** A chat event on its way to those who are here. */
export interface LiveEvent extends ChatEvent {
  /** The connection it was said on, unique over all nodes, or {@link NO_ORIGIN}. */
  readonly origin: string;
}

/** Where a stored event stands. */
export interface Receipt {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}
