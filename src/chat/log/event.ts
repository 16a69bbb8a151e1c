import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/key.js';

/**
 * An event's content as logs and buses carry it: opaque to them. What a kind means stands in its
 * file in chat/messages/kinds.
 */
export interface StoredBody {
  /** 1 to 32 lower-case letters and `-`. */
  readonly kind: string;
  /** The number of the event in the same conversation that this one refers to; null: none. */
  readonly target: number | null;
  readonly body: string;
}

/** Something to be said or done, before the store numbers it. */
export interface Draft extends StoredBody {
  readonly conversation: ConversationKey;
  /** ULID: sorts by the time of creation. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly author: Person;
  /** The other person of a direct conversation; null in a room. */
  readonly to: Person | null;
  /** Whether it counts as unread to a person: it takes an `n` of its own then. */
  readonly counts: boolean;
  /** An idempotency key, chosen by the author's client. */
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

/** The origin of an event whose Ack no connection waits for: it is sent to everybody. */
export const NO_ORIGIN = '';

/** A chat event on its way to the connected. */
export interface LiveEvent extends ChatEvent {
  /** The connection it came from, unique over all nodes, or {@link NO_ORIGIN}. */
  readonly origin: string;
}

/** The numbers of a stored event. */
export interface Receipt {
  readonly id: string;
  readonly seq: number;
  readonly n: number;
  readonly time: number;
}
