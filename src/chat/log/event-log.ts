import { Refusal } from '../../kernel/refusal.js';
import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent, Draft, Receipt } from './event.js';

/**
 * The outcome of a draft: stored; already stored under the same author and ref; or refused, because
 * its ref stands for another conversation or body, because the rows that it changes are not as it
 * expects, or because its author is not in the room.
 */
export type Appended =
  | { readonly status: 'stored'; readonly receipt: Receipt }
  | { readonly status: 'duplicate'; readonly receipt: Receipt }
  | { readonly status: 'conflict' }
  | { readonly status: 'stale' }
  | { readonly status: 'outside' };

export interface PageRequest {
  /** Only events below this number, the latest of them. */
  readonly before?: number;
  /** Only events above this number, the oldest of them. Not together with `before`. */
  readonly after?: number;
  /** Maximum number of events, 1 to 1,000. */
  readonly limit: number;
}

/** The store failed before it answered: the whole batch is stored, or nothing of it. */
export class Unanswered extends Refusal {
  constructor() {
    super('store-unavailable', { retryable: true });
  }
}

/**
 * The conversations' logs.
 *
 * `append` is atomic: the whole batch is stored or, where it rejects, nothing. Where the store
 * failed before it answered it rejects with {@link Unanswered}, which leaves open which of the two;
 * reading tells, and drafts with a ref can be sent again without being stored twice. A batch that
 * was refused because the disk failed may also turn out to be stored after a crash: never a part of
 * it, and under its refs.
 *
 * It gives each event the next number of its conversation, contiguous from 1, in the order of the
 * batch; numbers rise in the order of commits. Beside it each gets `n`, how many events of its
 * conversation up to and including this one count as unread to a person, contiguous as well.
 *
 * It is idempotent: a draft whose (author, ref) is stored already, or occurs earlier in the same
 * batch, is not stored twice, and answers with the first one's receipt. When it resolves, the batch
 * is on disk (fsync). Reads see every batch that has resolved.
 *
 * Rows that a draft changes are changed in the same commit. Where they are not as it expects, it is
 * not stored and takes no number; the others of its batch are. Its changes concern what earlier
 * batches stored: the events of its own may not be there yet.
 *
 * A draft that only members may write is not stored above the number at which its author went from
 * the room, whoever let the author go, on whichever node, or earlier in the same batch. It takes no
 * number then.
 *
 * Bodies are opaque: kind, target and body come back as they were given, whatever they mean.
 */
export abstract class EventLog {
  /** @returns the outcome of each draft, in the order of the batch */
  abstract append(batch: readonly Draft[]): Promise<readonly Appended[]>;

  /**
   * Commits something invisible, as durably as a batch: it rejects where a batch would be refused
   * now.
   */
  abstract proveWritable(): Promise<void>;

  /** Events in ascending order. With neither `before` nor `after`: the latest. */
  abstract page(conversation: ConversationKey, request: PageRequest): Promise<readonly ChatEvent[]>;

  /** The highest number of each conversation, 0 where it is empty. */
  abstract heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>>;

  /**
   * The log up to the head as it was when the stream began: at the call, or before its first chunk.
   * In chunks, ascending. Applies backpressure, and keeps nothing open when the consumer stops early.
   * @param after only events above this number; 0 unless given
   */
  abstract stream(
    conversation: ConversationKey,
    after?: number,
  ): AsyncIterable<readonly ChatEvent[]>;
}
