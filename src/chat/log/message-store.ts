import { Refusal } from '../../kernel/refusal.js';
import type { ConversationKey } from '../conversations/conversation.js';
import type { ChatEvent, Draft, Receipt } from './event.js';

/**
 * What became of a draft: stored anew; already there under the same author and ref; or refused,
 * because its ref stands for another conversation or text.
 */
export type Appended =
  | { readonly status: 'stored'; readonly receipt: Receipt }
  | { readonly status: 'duplicate'; readonly receipt: Receipt }
  | { readonly status: 'conflict' };

export interface PageRequest {
  /** Only events below this number, the newest of them. */
  readonly before?: number;
  /** Only events above this number, the oldest of them. Not together with `before`. */
  readonly after?: number;
  /** At most so many events, 1 to 1,000. */
  readonly limit: number;
}

/** A direct conversation as one of its people sees it in a list. */
export interface DirectSummary {
  readonly conversation: ConversationKey;
  /** The id and name of the other person. */
  readonly with: { readonly id: string; readonly username: string };
  /** The highest number in the conversation. */
  readonly seq: number;
  /** Up to where the person's connections have received it. */
  readonly delivered: number;
  /** When the last event was made (ms since the epoch). */
  readonly time: number;
}

/** Where a list of direct conversations, latest first, goes on: behind the one of which this is. */
export interface DirectCursor {
  /** When its last event was made (ms since the epoch). */
  readonly time: number;
  /** The id of the other person. */
  readonly peerId: string;
}

/**
 * How well a person knows whoever wrote: 0 where something was delivered between them before, 1
 * where it was written under an account with a password, 2 by a guest.
 */
export type Acquaintance = 0 | 1 | 2;

/** A direct conversation that was not delivered up to its end. */
export interface UndeliveredDirect extends DirectSummary {
  readonly acquaintance: Acquaintance;
}

/** Where a list of undelivered conversations goes on: behind the one of which this is. */
export interface UndeliveredCursor {
  readonly acquaintance: Acquaintance;
  /** The id of the other person. */
  readonly peerId: string;
}

/** A direct conversation that somebody has written to lately. */
export interface ActiveDirect {
  readonly conversation: ConversationKey;
  /** The highest number in the conversation. */
  readonly seq: number;
  /** When the last event was made (ms since the epoch). */
  readonly time: number;
}

/** How far a person's connections have received a direct conversation. */
export interface DeliveredMark {
  readonly personId: string;
  readonly conversation: ConversationKey;
  readonly seq: number;
}

/** The store went away before it answered: the whole batch is stored, or nothing of it. */
export class Unanswered extends Refusal {
  constructor() {
    super('store-unavailable');
  }
}

/**
 * The conversations' logs.
 *
 * `append` is atomic: all of the batch is stored or, where it rejects, nothing. Where the store
 * went away before it answered it rejects with {@link Unanswered}, which leaves open which of the
 * two; reading tells, and drafts with a ref can be sent again without being stored twice. A batch
 * that was refused because the disk failed may also be found stored after a crash: never a part of
 * it, and under its refs. `append` gives each event the next number of its conversation,
 * contiguous from 1, in the order of the batch; numbers rise in the order of commits. A draft
 * whose (author, ref) is stored already, or stands earlier in the same batch, is not stored twice:
 * it answers with the first one's receipt. When it resolves, the batch is on disk (fsync). Reads
 * see every batch that has resolved.
 */
export abstract class MessageStore {
  /** @returns what became of each draft, in the order of the batch */
  abstract append(batch: readonly Draft[]): Promise<readonly Appended[]>;

  /**
   * Commits something that nobody sees, as durably as a batch: it rejects where a batch would be
   * refused now.
   */
  abstract proveWritable(): Promise<void>;

  /** Events in ascending order. With neither `before` nor `after`: the newest. */
  abstract page(conversation: ConversationKey, request: PageRequest): Promise<readonly ChatEvent[]>;

  /** The highest number of each conversation, 0 where nothing was said yet. */
  abstract heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>>;

  /**
   * The whole log up to the head at the time of the call, in chunks, ascending. Reads on only as
   * fast as it is consumed, and keeps nothing open when the consumer stops early.
   */
  abstract stream(conversation: ConversationKey): AsyncIterable<readonly ChatEvent[]>;

  /**
   * A person's direct conversations, latest first.
   * @param limit at most so many, 1 to 1,000
   * @param after only those behind that one
   */
  abstract directs(
    personId: string,
    limit: number,
    after?: DirectCursor,
  ): Promise<readonly DirectSummary[]>;

  /**
   * A person's direct conversations that were not delivered up to their ends: those with whom the
   * person is better acquainted first, and among them those with the older accounts. So a crowd of
   * new accounts stands behind whoever was there before them.
   * @param limit at most so many, 1 to 1,000
   * @param after only those behind that one
   */
  abstract undeliveredDirects(
    personId: string,
    limit: number,
    after?: UndeliveredCursor,
  ): Promise<readonly UndeliveredDirect[]>;

  /**
   * Who of these people has a direct conversation that was not delivered up to its end.
   * @param people at most 500 ids
   */
  abstract undelivered(people: readonly string[]): Promise<ReadonlySet<string>>;

  /**
   * Those direct conversations of several people whose last event was made at `since` or later.
   * @param personIds 1 to 1,000
   */
  abstract activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]>;

  /** Moves marks forward, never back. Durable by the next append at the latest. */
  abstract markDelivered(marks: readonly DeliveredMark[]): Promise<void>;
}
