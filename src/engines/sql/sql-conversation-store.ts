import type { Kysely } from 'kysely';
import {
  type ActiveDirect,
  ConversationStore,
  type DirectCursor,
  type DirectSummary,
} from '../../chat/conversations/conversation-store.js';
import { directsOf, toSummary } from './directs.js';
import type { Schema } from './schema.js';

/** Shared by both databases: it only reads what an append has written. */
export class SqlConversationStore extends ConversationStore {
  constructor(private readonly database: Kysely<Schema>) {
    super();
  }

  override async directs(
    personId: string,
    limit: number,
    after?: DirectCursor,
  ): Promise<readonly DirectSummary[]> {
    let query = directsOf(this.database, personId);
    if (after !== undefined) {
      query = query.where((where) =>
        where.or([
          where('conversations.last_time', '<', after.time),
          where.and([
            where('conversations.last_time', '=', after.time),
            where('mine.peer_id', '<', after.peerId),
          ]),
        ]),
      );
    }
    const rows = await query
      .orderBy('conversations.last_time', 'desc')
      .orderBy('mine.peer_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toSummary);
  }

  override async activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]> {
    return this.database
      .selectFrom('direct_members as mine')
      .innerJoin('conversations', 'conversations.id', 'mine.conversation_id')
      .select([
        'conversations.key as conversation',
        'conversations.last_seq as seq',
        'conversations.last_time as time',
      ])
      .distinct()
      .where('mine.person_id', 'in', personIds)
      .where('conversations.last_time', '>=', since)
      .execute();
  }
}
