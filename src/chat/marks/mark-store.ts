import type { DirectSummary } from '../conversations/conversation-store.js';
import type { ConversationKey } from '../conversations/key.js';

/** How far a person's connections have received a direct conversation. */
export interface DeliveredMark {
  readonly personId: string;
  readonly conversation: ConversationKey;
  readonly seq: number;
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

/**
 * Up to where each side of a private conversation has received it, and so what waits for whom.
 *
 * Marks move forward, never back. They are durable by the next append at the latest: one that a
 * crash sets back brings a message twice, never none.
 */
export abstract class MarkStore {
  abstract markDelivered(marks: readonly DeliveredMark[]): Promise<void>;

  /**
   * Who of these people has a direct conversation that was not delivered up to its end.
   * @param people at most 500 ids
   */
  abstract undelivered(people: readonly string[]): Promise<ReadonlySet<string>>;

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
}
