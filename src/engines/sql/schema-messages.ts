import type { Generated } from 'kysely';

/** What became of a message. One to which nothing has happened has no row. */
export interface MessageStatesTable {
  conversation_id: number;
  seq: number;
  /** Rises with every change but replies in its thread. */
  version: number;
  /** The number of the event that changed it last. */
  changed_seq: number;
  edited_seq: number | null;
  edited_at: number | null;
  edits: Generated<number>;
  deleted_seq: number | null;
  deleted_by: string | null;
  /** 1: it was deleted, and had counted as unread. */
  counted: Generated<number>;
  pinned_seq: number | null;
  pinned_by: string | null;
  /** How many rows there are in message_reactions. */
  reactions: Generated<number>;
  thread_count: Generated<number>;
  thread_last: number | null;
  /** How many replies there ever were that stand in the thread alone. */
  thread_n: Generated<number>;
  /** Who replied last, before that, and before that. */
  thread_user1: string | null;
  thread_user2: string | null;
  thread_user3: string | null;
}

/** Events that are emptied with the message that they are about. */
export interface MessageEntriesTable {
  conversation_id: number;
  target: number;
  seq: number;
}

/** The replies in a thread. */
export interface ThreadEntriesTable {
  conversation_id: number;
  root: number;
  seq: number;
  /** How many replies up to this one stand in the thread alone. */
  ordinal: Generated<number>;
  /** 1: it stood in the thread alone, and was deleted. */
  gone: Generated<number>;
}

/** Who follows a thread, and up to which number each has read it. */
export interface ThreadFollowsTable {
  person_id: string;
  conversation_id: number;
  root: number;
  seq: number;
  /** 0: the person does not want to. */
  is_followed: number;
  /** When the thread was touched last by something that concerns the person. */
  time: number;
}

export interface MessageReactionsTable {
  conversation_id: number;
  seq: number;
  key: string;
  person_id: string;
  /** The number of the event with which it came. */
  at_seq: number;
}

export interface MentionsTable {
  person_id: string;
  conversation_id: number;
  seq: number;
}

/** Messages that mention everybody. */
export interface MentionsOfAllTable {
  conversation_id: number;
  seq: number;
  author_id: string;
}

/** Refs that stand for a part of an event. */
export interface PartRefsTable {
  /** Hashed. @see hashOfRef */
  ref: string;
  author_id: string;
  conversation_id: number;
  seq: number;
  /** Of what it stands for. @see digestOf */
  digest: string;
}
