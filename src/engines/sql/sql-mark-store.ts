import { type Kysely, sql } from 'kysely';
import {
  type Acquaintance,
  type Behind,
  type DeliveredMark,
  MarkStore,
  type Overview,
  type OverviewCursor,
  type Reader,
  type ReadMark,
  type ReadState,
  type UndeliveredCursor,
  type UndeliveredDirect,
} from '../../chat/marks/mark-store.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { directsOf, toSummary } from './directs.js';
import { overviewsOf } from './overviews.js';
import { moveAllRead, moveRead, setReadBack } from './read-mark-writer.js';
import { behind, countUpTo, readersOf, readStatesOf } from './read-states.js';
import type { Schema } from './schema.js';

/** What both databases read in the same way. How marks are moved is each one's own. */
export abstract class SqlMarkStore extends MarkStore {
  constructor(private readonly queries: Kysely<Schema>) {
    super();
  }

  abstract override markDelivered(marks: readonly DeliveredMark[]): Promise<void>;

  override undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return undeliveredAmong(this.queries, people);
  }

  override async undeliveredDirects(
    personId: string,
    limit: number,
    after?: UndeliveredCursor,
  ): Promise<readonly UndeliveredDirect[]> {
    const acquaintance = sql<Acquaintance>`case
      when ${sql.ref('mine.delivered')} > 0 then 0
      when ${sql.ref('peer.password_hash')} is not null then 1
      else 2 end`;
    let query = directsOf(this.queries, personId)
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

  override moveRead(marks: readonly ReadMark[]): Promise<void> {
    return moveRead(this.queries, marks);
  }

  override setReadBack(mark: ReadMark): Promise<void> {
    return setReadBack(this.queries, mark);
  }

  override moveAllRead(personId: string, time: number): Promise<void> {
    return moveAllRead(this.queries, personId, time);
  }

  override readStates(
    personId: string,
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, ReadState>> {
    return readStatesOf(this.queries, personId, conversations);
  }

  override overviews(
    personId: string,
    withLobby: boolean,
    limit: number,
    after?: OverviewCursor,
  ): Promise<readonly Overview[]> {
    return overviewsOf(this.queries, personId, withLobby, limit, after);
  }

  override behind(personId: string, conversation: ConversationKey, seq: number): Promise<Behind> {
    return behind(this.queries, personId, conversation, seq);
  }

  override countUpTo(conversation: ConversationKey, seq: number): Promise<number> {
    return countUpTo(this.queries, conversation, seq);
  }

  override readers(
    conversation: ConversationKey,
    seq: number,
    limit: number,
    after?: string,
  ): Promise<readonly Reader[]> {
    return readersOf(this.queries, conversation, seq, limit, after);
  }
}

/** Those of these people for whom something waits. */
export async function undeliveredAmong(
  database: Kysely<Schema>,
  people: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await waiting(database).where('mine.person_id', 'in', people).execute();
  return new Set(rows.map((row) => row.person_id));
}

/** Everybody for whom something waits, or so many of them. Reads all private conversations. */
export async function allUndelivered(
  database: Kysely<Schema>,
  limit: number,
): Promise<readonly string[]> {
  const rows = await waiting(database).limit(limit).execute();
  return rows.map((row) => row.person_id);
}

function waiting(database: Kysely<Schema>) {
  return database
    .selectFrom('direct_members as mine')
    .innerJoin('conversations', 'conversations.id', 'mine.conversation_id')
    .select('mine.person_id')
    .distinct()
    .whereRef('mine.delivered', '<', 'conversations.last_seq');
}
