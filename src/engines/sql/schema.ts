import type { Generated } from 'kysely';

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
  key: string;
  last_seq: number;
  last_time: number;
}

export interface EventsTable {
  conversation_id: number;
  seq: number;
  /** What happened; so far somebody said something. */
  kind: Generated<'message'>;
  id: string;
  time: number;
  author_id: string;
  text: string;
  ref: string | null;
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
