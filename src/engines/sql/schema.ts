import type { Generated } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';

/** Where the two databases differ, what is shared asks for this. */
export type SqlDialect = 'sqlite' | 'postgres';

/**
 * The tables, as Kysely sees them. Times are milliseconds since the epoch. The types are those that
 * SQLite and PostgreSQL both have: text, and integers below 2^53.
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
  counters: CountersTable;
  followers: FollowersTable;
  follower_cursors: FollowerCursorsTable;
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
  /** 0: no message of theirs is stored. 1: there is one, or nobody knows. */
  has_written: Generated<number>;
}

export interface SessionsTable {
  id: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}

/** Used tokens stay for a while, so that a use after that of their successor is noticed. */
export interface RefreshTokensTable {
  hash: string;
  session_id: string;
  expires_at: number;
  used_at: number | null;
  /** The token that this one was given for; null for the first of its session. */
  parent: string | null;
  /** Exchanges since the session began. */
  generation: Generated<number>;
  /** The same for successors of one token that were given within a minute: when the first was. */
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
  /** How many of the events are not counted as unread by a person. */
  uncounted: Generated<number>;
  last_time: number;
}

export interface EventsTable {
  conversation_id: number;
  seq: number;
  /**
   * How many events up to and including this one are not counted as unread: `n` is `seq` less these.
   * A difference, so that a version that knows only messages and leaves it 0 numbers them right.
   */
  uncounted: Generated<number>;
  kind: Generated<string>;
  /** The number of the event that this one is about. */
  target: number | null;
  id: string;
  time: number;
  author_id: string;
  /** The body, opaque here. */
  text: string;
  ref: string | null;
  /** Of kind, target and body as they were, where the body was emptied since. @see digestOf */
  digest: string | null;
}

/** Two rows per direct conversation: each of its people, and who the other one is. */
export interface DirectMembersTable {
  person_id: string;
  conversation_id: number;
  peer_id: string;
  delivered: number;
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
