import type { Kysely } from 'kysely';
import type { DirectSummary } from '../../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Schema } from './schema.js';

/** A private conversation, as seen by one of its two people. */
export interface DirectRow {
  readonly key: ConversationKey;
  readonly last_seq: number;
  readonly last_time: number;
  readonly delivered: number;
  readonly id: string;
  readonly username: string;
}

/** A person's direct conversations, each with the other person. */
export function directsOf(database: Kysely<Schema>, personId: string) {
  return database
    .selectFrom('direct_members as mine')
    .innerJoin('conversations', 'conversations.id', 'mine.conversation_id')
    .innerJoin('users as peer', 'peer.id', 'mine.peer_id')
    .select([
      'conversations.key',
      'conversations.last_seq',
      'conversations.last_time',
      'mine.delivered',
      'peer.id',
      'peer.username',
    ])
    .where('mine.person_id', '=', personId);
}

export function toSummary(row: DirectRow): DirectSummary {
  return {
    conversation: row.key,
    with: { id: row.id, username: row.username },
    seq: row.last_seq,
    delivered: row.delivered,
    time: row.last_time,
  };
}
