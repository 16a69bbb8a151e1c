import { type Kysely, sql } from 'kysely';
import type {
  Acquaintance,
  DirectCursor,
  DirectSummary,
  UndeliveredCursor,
  UndeliveredDirect,
} from '../../chat/log/message-store.js';
import type { Schema } from './schema.js';

interface DirectRow {
  readonly key: string;
  readonly last_seq: number;
  readonly last_time: number;
  readonly delivered: number;
  readonly id: string;
  readonly username: string;
}

/** The lists of somebody's direct conversations. */
export class SqlDirectReader {
  constructor(private readonly database: Kysely<Schema>) {}

  /** @see MessageStore.directs */
  async latest(
    personId: string,
    limit: number,
    after?: DirectCursor,
  ): Promise<readonly DirectSummary[]> {
    let query = this.directsOf(personId);
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

  /** @see MessageStore.undeliveredDirects */
  async undelivered(
    personId: string,
    limit: number,
    after?: UndeliveredCursor,
  ): Promise<readonly UndeliveredDirect[]> {
    const acquaintance = sql<Acquaintance>`case
      when ${sql.ref('mine.delivered')} > 0 then 0
      when ${sql.ref('peer.password_hash')} is not null then 1
      else 2 end`;
    let query = this.directsOf(personId)
      .select(acquaintance.as('acquaintance'))
      .whereRef('mine.delivered', '<', 'conversations.last_seq');
    if (after !== undefined) {
      query = query.where((where) =>
        where.or([
          where(acquaintance, '>', after.acquaintance),
          where.and([
            where(acquaintance, '=', after.acquaintance),
            where('mine.peer_id', '>', after.peerId),
          ]),
        ]),
      );
    }
    // Ids of accounts begin with the time of their making.
    const rows = await query.orderBy('acquaintance').orderBy('mine.peer_id').limit(limit).execute();
    return rows.map((row) => ({ ...toSummary(row), acquaintance: row.acquaintance }));
  }

  private directsOf(personId: string) {
    return this.database
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
}

function toSummary(row: DirectRow): DirectSummary {
  return {
    conversation: row.key,
    with: { id: row.id, username: row.username },
    seq: row.last_seq,
    delivered: row.delivered,
    time: row.last_time,
  };
}
