import { CompiledQuery, type Kysely } from 'kysely';
import type { DeliveredMark } from '../../chat/marks/mark-store.js';
import type { Schema } from '../sql/schema.js';
import { SqlMarkStore } from '../sql/sql-mark-store.js';

/**
 * Moves delivery marks: persons, conversations, numbers. It does not wait for the disk; the next
 * append's commit also flushes what was committed before.
 */
const MOVE_MARKS = `
  with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
  marks as (
    select conversations.id, given.person_id, max(given.seq) as seq
    from relaxed, unnest($1::text[], $2::text[], $3::bigint[]) as given (person_id, key, seq)
    join conversations on conversations.key = given.key
    group by conversations.id, given.person_id
  ),
  locked as (
    select mine.person_id, mine.conversation_id, marks.seq
    from direct_members as mine
    join marks on marks.person_id = mine.person_id and marks.id = mine.conversation_id
    where mine.delivered < marks.seq
    order by mine.person_id, mine.conversation_id
    for update of mine
  )
  update direct_members as mine set delivered = locked.seq
  from locked
  where mine.person_id = locked.person_id and mine.conversation_id = locked.conversation_id
    and mine.delivered < locked.seq`;

export class PostgresMarkStore extends SqlMarkStore {
  constructor(private readonly database: Kysely<Schema>) {
    super(database);
  }

  override async markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    if (marks.length === 0) return;
    const columns = [
      marks.map(({ personId }) => personId),
      marks.map(({ conversation }) => conversation),
      marks.map(({ seq }) => seq),
    ];
    await this.database.executeQuery(CompiledQuery.raw(MOVE_MARKS, columns));
  }
}
