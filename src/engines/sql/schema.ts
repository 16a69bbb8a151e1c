import type { Generated } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { AttachmentsTable, AttachmentUsageTable } from './schema-attachments.js';
import type {
  MentionsOfAllTable,
  MentionsTable,
  MessageEntriesTable,
  MessageReactionsTable,
  MessageStatesTable,
  PartRefsTable,
  ThreadEntriesTable,
  ThreadFollowsTable,
} from './schema-messages.js';
import type {
  RoomBansTable,
  RoomInvitationsTable,
  RoomLinksTable,
  RoomMembersTable,
  RoomNamesTable,
  RoomsTable,
} from './schema-rooms.js';

/** The dialects, for shared code where they differ. */
export type SqlDialect = 'sqlite' | 'postgres';

/**
 * The tables, as Kysely sees them. Times are milliseconds since the epoch. Types are limited to
 * what SQLite and PostgreSQL share: text, and integers below 2^53.
 */
export interface Schema {
  users: UsersTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  tickets: TicketsTable;
  familiar_addresses: FamiliarAddressesTable;
  conversations: ConversationsTable;
  events: EventsTable;
  direct_members: DirectMembersTable;
  read_marks: ReadMarksTable;
  rooms: RoomsTable;
  room_names: RoomNamesTable;
  room_members: RoomMembersTable;
  room_bans: RoomBansTable;
  room_invitations: RoomInvitationsTable;
  room_links: RoomLinksTable;
  message_states: MessageStatesTable;
  message_entries: MessageEntriesTable;
  thread_entries: ThreadEntriesTable;
  thread_follows: ThreadFollowsTable;
  message_reactions: MessageReactionsTable;
  mentions: MentionsTable;
  mentions_of_all: MentionsOfAllTable;
  part_refs: PartRefsTable;
  attachments: AttachmentsTable;
  attachment_usage: AttachmentUsageTable;
  counters: CountersTable;
  followers: FollowersTable;
  follower_cursors: FollowerCursorsTable;
  /** On PostgreSQL only. */
  search_progress: SearchProgressTable;
}

export interface UsersTable {
  id: string;
  username: string;
  canonical_name: string;
  skeleton: string;
  /** Null for guests. */
  password_hash: string | null;
  created_at: number;
  /** When a guest was last here; null for everybody else. */
  seen_at: number | null;
  /** When a guest went; null for whoever is there. */
  gone_at: number | null;
  /** 0: no message of theirs is stored. 1: there is one, or it is unknown. */
  has_written: Generated<number>;
  /** Rises whenever they come into a room, or go from one. */
  rooms_version: Generated<number>;
}

export interface SessionsTable {
  id: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}

/** Used tokens are kept for a while, to detect a use after that of their successor. */
export interface RefreshTokensTable {
  hash: string;
  session_id: string;
  expires_at: number;
  used_at: number | null;
  /** The token that was exchanged for this one; null for the session's first. */
  parent: string | null;
  /** Exchanges since the session began. */
  generation: Generated<number>;
  /** Shared by successors of one token issued within a minute: when the first of them was. */
  round: Generated<number>;
}

export interface TicketsTable {
  hash: string;
  session_id: string;
  user_id: string;
  username: string;
  session_expires_at: number;
  expires_at: number;
}

/** Keyed hashes of account and address. */
export interface FamiliarAddressesTable {
  hash: string;
  user_id: string;
  seen_at: number;
}

export interface ConversationsTable {
  id: Generated<number>;
  key: ConversationKey;
  last_seq: number;
  /** Events not counted as unread. */
  uncounted: Generated<number>;
  last_time: number;
}

export interface EventsTable {
  conversation_id: number;
  seq: number;
  /**
   * How many events up to and including this one are not counted as unread: `n` is `seq` minus
   * these. Stored as a difference, so that a version that knows only messages, and leaves it 0,
   * numbers them correctly.
   */
  uncounted: Generated<number>;
  kind: Generated<string>;
  /** The number of the event that this one refers to. */
  target: number | null;
  id: string;
  time: number;
  author_id: string;
  /** The body, opaque here. */
  text: string;
  ref: string | null;
  /** Digest of the original kind, target and body, once the body is emptied. @see digestOf */
  digest: string | null;
}

/** Two rows per direct conversation: one for each side, naming the other. */
export interface DirectMembersTable {
  person_id: string;
  conversation_id: number;
  peer_id: string;
  delivered: number;
}

/** How far a person has read a conversation. Who never said so has no row. */
export interface ReadMarksTable {
  person_id: string;
  conversation_id: number;
  seq: number;
  /** When it was last moved. */
  time: Generated<number>;
  /** When it was last set back; 0: never. What was read before then does not move it forward again. */
  set_back_at: Generated<number>;
}

export interface CountersTable {
  name: string;
  value: number;
}

export interface FollowersTable {
  name: string;
  /** 0 while its cursors are being made or deleted: nobody is given the claim. */
  is_ready: number;
  /** How often the claim went to another holder. */
  epoch: number;
  /** Null where nobody has the claim. */
  holder: string | null;
  lease_until: Generated<number>;
}

/** A conversation that is missing here stands at 0. */
export interface FollowerCursorsTable {
  follower: string;
  conversation_id: number;
  position: number;
}

/** One row, with the id 1, once anything is known. */
export interface SearchProgressTable {
  id: number;
  phase: 'new' | 'filling' | 'filled';
  lag_ms: number;
  told_at: number;
}
