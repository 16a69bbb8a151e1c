import type { ConversationKey } from './key.js';

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

/** A direct conversation that somebody has written to lately. */
export interface ActiveDirect {
  readonly conversation: ConversationKey;
  /** The highest number in the conversation. */
  readonly seq: number;
  /** When the last event was made (ms since the epoch). */
  readonly time: number;
}

/**
 * Who talks with whom. A private conversation is there from its first event on, for both of its
 * people, in the very append that stores it; it moves up with each further one. Reads see every
 * append that has resolved.
 */
export abstract class ConversationStore {
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
   * Those direct conversations of several people whose last event was made at `since` or later.
   * @param personIds 1 to 1,000
   */
  abstract activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]>;
}
