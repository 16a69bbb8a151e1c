import type { ConversationKey } from './key.js';

/** A direct conversation in the list of one of its people. */
export interface DirectSummary {
  readonly conversation: ConversationKey;
  /** The id and name of the other person. */
  readonly with: { readonly id: string; readonly username: string };
  /** The highest number in the conversation. */
  readonly seq: number;
  /** Up to where one of the person's connections has received it. */
  readonly delivered: number;
  /** When the last event was created (ms since the epoch). */
  readonly time: number;
}

/** A cursor into a list of direct conversations, latest first: the last one already listed. */
export interface DirectCursor {
  /** When its last event was created (ms since the epoch). */
  readonly time: number;
  /** The id of the other person. */
  readonly peerId: string;
}

/** A direct conversation with recent events. */
export interface ActiveDirect {
  readonly conversation: ConversationKey;
  /** The highest number in the conversation. */
  readonly seq: number;
  /** When the last event was created (ms since the epoch). */
  readonly time: number;
}

/**
 * Who talks with whom. A private conversation exists from its first event on, for both of its
 * people, by the very append that stores it; each further event moves it to the top. Reads see
 * every append that has resolved.
 */
export abstract class ConversationStore {
  /**
   * A person's direct conversations, latest first.
   * @param limit 1 to 1,000
   * @param after only those after this one in the list
   */
  abstract directs(
    personId: string,
    limit: number,
    after?: DirectCursor,
  ): Promise<readonly DirectSummary[]>;

  /**
   * Those direct conversations of several people whose last event was created at `since` or later.
   * @param personIds 1 to 1,000
   */
  abstract activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]>;
}
