/** What a message may bring beside its text. */
export interface ExtraFields {
  /** The number of a message that it quotes. */
  readonly reply?: number;
  /** The number of the first message of a thread, in which it is said. */
  readonly thread?: number;
  /** In a thread: it is said in the conversation as well, and counts as unread there. */
  readonly also?: boolean;
  /** Names of people in the conversation, at most 50. */
  readonly mentions?: readonly string[];
  /** It mentions everybody in the room, which is a right of its own. */
  readonly mention_all?: boolean;
  /**
   * Ids of files of one's own that have arrived and that no message has, at most 10. With them the text may
   * be empty.
   */
  readonly attachments?: readonly string[];
}
