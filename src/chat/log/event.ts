import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/key.js';

/**
 * What an event says, as logs and buses carry it: opaque to them. What a kind means stands in its
 * file in chat/messages/kinds.
 */
export interface StoredBody {
  /** 1 to 32 small letters and `-`. */
  readonly kind: string;
  /** The number of the event in the same conversation that this one is about; null: of none. */
  readonly target: number | null;
  readonly body: string;
}

/** Something that somebody wants to do, before it is stored. */
export interface Draft extends StoredBody {
  readonly conversation: ConversationKey;
  /** ULID: sorts by the time of its making. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly author: Person;
  /** The other person of a direct conversation; null in a room. */
  readonly to: Person | null;
  /** Whether a person would count it as unread: it takes an `n` of its own. */
  readonly counts: boolean;
  /** Chosen by the author's client; makes the draft idempotent. */
  readonly ref: string | null;
}

/** An entry in a conversation's log. */
export interface ChatEvent extends StoredBody {
  readonly conversation: ConversationKey;
  /** Contiguous in its conversation, from 1. */
  readonly seq: number;
  /** How many events up to and including this one a person would count as unread. */
  readonly n: number;
  readonly id: string;
  readonly time: number;
  readonly author: Person;
  readonly to: Person | null;
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
  readonly n: number;
  readonly time: number;
}
