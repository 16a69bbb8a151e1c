import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import {
  type Advance,
  type BehindPage,
  type Claim,
  type ClaimRequest,
  FollowerCursors,
} from '../../chat/feed/follower-cursors.js';
import { deleteInChunks } from './delete-in-chunks.js';
import type { Schema } from './schema.js';

/** Conversations that one statement looks at: others are served between two of them. */
const CHUNK = 1_000;

/** What both databases do in the same way. How a commit goes without its sync is each one's own. */
export abstract class SqlFollowerCursors extends FollowerCursors {
  constructor(protected readonly database: Kysely<Schema>) {
    super();
  }

  /** Runs a statement whose commit does not wait for the disk; that of the next append covers it. */
  protected abstract unsynced<Row>(statement: RawBuilder<Row>): Promise<readonly Row[]>;

  override async register(follower: string, from: 'first' | 'next'): Promise<void> {
    await this.database
      .insertInto('followers')
      .values({ name: follower, is_ready: from === 'first' ? 1 : 0, epoch: 0, holder: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (await this.isReady(follower)) return;
    for await (const { after, last } of this.ranges()) await this.skipAll(follower, after, last);
    const own = this.database.updateTable('followers').where('name', '=', follower);
    await own.set({ is_ready: 1 }).execute();
  }

  override async reset(follower: string): Promise<void> {
    await this.takeClaim(follower);
    await this.deleteCursors(follower);
    // Whoever was given the claim meanwhile may have seen cursors that are gone now.
    await this.takeClaim(follower);
  }

  override async remove(follower: string): Promise<void> {
    // From here on nobody has the claim, nor is given it.
    await sql`
      update followers set is_ready = 0, epoch = epoch + 1, holder = null
      where name = ${follower}`.execute(this.database);
    await this.deleteCursors(follower);
    await this.database.deleteFrom('followers').where('name', '=', follower).execute();
  }

  override async claim(request: ClaimRequest): Promise<Claim | null> {
    const { follower, holder, now, leaseMs } = request;
    // A lease that ends later than any holder could have asked for is of a clock that was wrong.
    const { rows } = await sql<{ epoch: number }>`
      update followers set holder = ${holder}, lease_until = cast(${now + leaseMs} as bigint),
        epoch = case when holder = ${holder} then epoch else epoch + 1 end
      where name = ${follower} and is_ready = 1
        and (holder is null or holder = ${holder} or lease_until <= cast(${now} as bigint)
          or lease_until > cast(${now + 2 * leaseMs} as bigint))
      returning epoch`.execute(this.database);
    const [row] = rows;
    return row === undefined ? null : { follower, epoch: row.epoch };
  }

  override async release({ follower, epoch }: Claim): Promise<void> {
    await this.database
      .updateTable('followers')
      .set({ holder: null })
      .where('name', '=', follower)
      .where('epoch', '=', epoch)
      .execute();
  }

  override async position(follower: string, conversation: ConversationKey): Promise<number> {
    const row = await this.database
      .selectFrom('follower_cursors')
      .innerJoin('conversations', 'conversations.id', 'follower_cursors.conversation_id')
      .select('follower_cursors.position')
      .where('follower', '=', follower)
      .where('conversations.key', '=', conversation)
      .executeTakeFirst();
    return row?.position ?? 0;
  }

  override async advance(
    { follower, epoch }: Claim,
    advances: readonly Advance[],
  ): Promise<ReadonlySet<ConversationKey>> {
    const fresh = advances.filter(({ from }) => from === 0);
    if (fresh.length > 0) await this.makeRows(follower, epoch, fresh);
    if (advances.length === 0) return new Set();
    const rows = advances.map(
      ({ conversation, from, to }) =>
        sql`(cast(${conversation} as text), cast(${from} as bigint), cast(${to} as bigint))`,
    );
    const moved = await this.unsynced(sql<{ key: ConversationKey }>`
      with given (key, expected, reached) as (values ${sql.join(rows)})
      update follower_cursors set position = given.reached
      from given join conversations on conversations.key = given.key
      where follower_cursors.follower = ${follower}
        and follower_cursors.conversation_id = conversations.id
        and follower_cursors.position = given.expected
        and exists (select 1 from followers where name = ${follower} and epoch = ${epoch})
      returning (select key from conversations
        where id = follower_cursors.conversation_id) as key`);
    return new Set(moved.map(({ key }) => key));
  }

  override async rewind(
    follower: string,
    conversation: ConversationKey,
    position: number,
  ): Promise<void> {
    await sql`
      insert into follower_cursors (follower, conversation_id, position)
      select name, id, case when last_seq < cast(${position} as bigint) then last_seq
        else cast(${position} as bigint) end
      from followers, conversations where name = ${follower} and key = ${conversation}
      on conflict (follower, conversation_id) do update set position = excluded.position`.execute(
      this.database,
    );
  }

  override async behind(follower: string, after: number): Promise<BehindPage> {
    const { last, isFull } = await this.range(after);
    if (last === null) return { items: [], next: null };
    const position = sql<number>`coalesce(follower_cursors.position, 0)`;
    const items = await this.database
      .selectFrom('conversations')
      .leftJoin('follower_cursors', (join) =>
        join
          .on('follower_cursors.follower', '=', follower)
          .onRef('follower_cursors.conversation_id', '=', 'conversations.id'),
      )
      .select(['key as conversation', 'last_seq as head', position.as('position')])
      .where('conversations.id', '>', after)
      .where('conversations.id', '<=', last)
      .where('last_seq', '>', position)
      .orderBy('conversations.id')
      .execute();
    return { items, next: isFull ? last : null };
  }

  private async takeClaim(follower: string): Promise<void> {
    await sql`update followers set epoch = epoch + 1, holder = null
      where name = ${follower}`.execute(this.database);
  }

  private async deleteCursors(follower: string): Promise<void> {
    await deleteInChunks((limit) =>
      this.database
        .deleteFrom('follower_cursors')
        .where('follower', '=', follower)
        .where('conversation_id', 'in', (query) =>
          query
            .selectFrom('follower_cursors')
            .select('conversation_id')
            .where('follower', '=', follower)
            .limit(limit),
        ),
    );
  }

  private async isReady(follower: string): Promise<boolean> {
    const row = await this.database
      .selectFrom('followers')
      .select('is_ready')
      .where('name', '=', follower)
      .executeTakeFirst();
    return row?.is_ready === 1;
  }

  /** All conversations, a part after the other. */
  private async *ranges(): AsyncGenerator<{ readonly after: number; readonly last: number }> {
    for (let after = 0, isFull = true; isFull;) {
      const range = await this.range(after);
      if (range.last === null) return;
      yield { after, last: range.last };
      after = range.last;
      isFull = range.isFull;
    }
  }

  /** Where the next part of all conversations ends. @returns `last` null where there are no more */
  private async range(
    after: number,
  ): Promise<{ readonly last: number | null; readonly isFull: boolean }> {
    const { rows } = await sql<{ last: number | null; count: number }>`
      select max(id) as last, cast(count(*) as integer) as count from
        (select id from conversations where id > ${after} order by id limit ${CHUNK}) as part`.execute(
      this.database,
    );
    const [row] = rows;
    return { last: row?.last ?? null, isFull: row?.count === CHUNK };
  }

  /** Lets a follower that is being made begin behind what these conversations hold. */
  private async skipAll(follower: string, after: number, last: number): Promise<void> {
    await sql`
      insert into follower_cursors (follower, conversation_id, position)
      select name, id, last_seq from followers, conversations
      where name = ${follower} and is_ready = 0 and id > ${after} and id <= ${last}
      on conflict (follower, conversation_id) do nothing`.execute(this.database);
  }

  /** A cursor that never moved has no row, which could be moved. */
  private async makeRows(
    follower: string,
    epoch: number,
    advances: readonly Advance[],
  ): Promise<void> {
    const keys = advances.map(({ conversation }) => sql`${conversation}`);
    await this.unsynced(sql`
      insert into follower_cursors (follower, conversation_id, position)
      select name, id, 0 from followers, conversations
      where name = ${follower} and epoch = ${epoch} and key in (${sql.join(keys)})
      on conflict (follower, conversation_id) do nothing`);
  }
}
