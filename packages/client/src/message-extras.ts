import type { Attachment, Person } from '@parley/protocol';

/** What a message brings beside its text. */
export interface MessageExtras {
  /** The number of a message that it quotes. */
  readonly reply?: number;
  /** The number of the first message of a thread, in which it is said. */
  readonly thread?: number;
  /** In a thread: it is said in the conversation as well. */
  readonly also?: true;
  /** People in the conversation whom it mentions, 50 at most. */
  readonly mentions?: readonly Person[];
  /** It mentions everybody in the room, which takes the right `mention_all`. */
  readonly mentionAll?: true;
  /** Files that have arrived, 10 at most, as `FileCalls.upload` gives them: the text may be empty then. */
  readonly attachments?: readonly Attachment[];
}

/** As frames have them, of what is sent: people by their names, files by their ids. */
export function extraFields(given: MessageExtras): object {
  const { mentions, mentionAll, attachments, ...extras } = given;
  return {
    ...extras,
    ...(mentionAll === undefined ? {} : { mention_all: mentionAll }),
    ...(mentions === undefined ? {} : { mentions: mentions.map(({ username }) => username) }),
    ...(attachments === undefined ? {} : { attachments: attachments.map(({ id }) => id) }),
  };
}
