import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/key.js';
import type { RowChange } from './message-change.js';
import type { MessageState } from './message-state.js';
import type { StoredBody } from './stored-body.js';

export type { StoredBody } from './stored-body.js';

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
  /** Rows that change with it, in the same commit. */
  readonly changes?: readonly RowChange[];
  /** It is stored only where its author is in the room of that id when it is committed. */
  readonly fromMemberOf?: string;
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
  /**
   * What has become of the message that it is, or that it is about, as of when it was read from the
   * store; absent where nothing has.
   */
  readonly state?: MessageState | undefined;
}

/** The origin of an event whose Ack no connection waits for: it is sent to everybody. */
export const NO_ORIGIN = '';

/** A chat event on its way to the connected. */
export interface LiveEvent extends ChatEvent {
  /** The connection it came from, unique over all nodes, or {@link NO_ORIGIN}. */
  readonly origin: string;
}

/** Kinds of events by which their author comes into a room, or goes from it. */
const MOVES: ReadonlySet<string> = new Set(['join', 'part']);

/** Whether the event's author comes into its room with it, or goes. */
export function isMove({ kind }: StoredBody): boolean {
  return MOVES.has(kind);
}

/** The numbers of a stored event. */
export interface Receipt {
  readonly id: string;
  readonly seq: number;
  readonly n: number;
  readonly time: number;
}

/** What became of a draft that is stored. */
export interface Written extends Receipt {
  /** It was stored before, under the same ref. */
  readonly isRepeated: boolean;
}
