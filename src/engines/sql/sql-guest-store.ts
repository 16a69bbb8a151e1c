import { type Kysely, sql, type Transaction } from 'kysely';
import { type Departure, GuestStore } from '../../auth/accounts/guest-store.js';
import { deletedName } from '../../auth/names/deleted-name.js';
import { leftNothing } from './left-nothing.js';
import type { Schema } from './schema.js';
import { transact } from './transact.js';

/** When a guest was last here. A node of an older version records no visits. */
const LAST_VISIT = sql<number>`coalesce(seen_at, created_at)`;

/** Deletes those of these accounts that went and left nothing. @returns how many */
export type Forget = (ids: readonly string[]) => Promise<number>;

export class SqlGuestStore extends GuestStore {
  /** @param remove how the engine deletes accounts */
  constructor(
    private readonly database: Kysely<Schema>,
    private readonly remove: Forget,
  ) {
    super();
  }

  override async count(): Promise<number> {
    const { count } = await this.database
      .selectFrom('users')
      .select((query) => query.fn.countAll().as('count'))
      .where('password_hash', 'is', null)
      .where('gone_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  override expire(before: number, now: number, limit: number): Promise<Departure> {
    return transact(this.database, async (transaction) => {
      const away = await guestsAway(transaction, before).orderBy(LAST_VISIT).limit(limit).execute();
      return letGo(transaction, away, before, now);
    });
  }

  override release(
    name: { readonly canonicalName: string; readonly skeleton: string },
    before: number,
    now: number,
  ): Promise<Departure> {
    return transact(this.database, async (transaction) => {
      const away = await guestsAway(transaction, before)
        .where((query) =>
          query.or([
            query('canonical_name', '=', name.canonicalName),
            query('skeleton', '=', name.skeleton),
          ]),
        )
        .execute();
      return letGo(transaction, away, before, now);
    });
  }

  override async leave(userId: string, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.database
      .updateTable('users')
      .set(departed(userId, now))
      .where('id', '=', userId)
      .where('password_hash', 'is', null)
      .where('gone_at', 'is', null)
      .where(leftNothing)
      .where((query) =>
        query.not(
          query.exists(
            query
              .selectFrom('sessions')
              .select('sessions.id')
              .where('user_id', '=', userId)
              .where('revoked_at', 'is', null)
              .where('expires_at', '>', now),
          ),
        ),
      )
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  override async forget(before: number, limit: number): Promise<number> {
    const gone = await this.database
      .selectFrom('users')
      .select('id')
      .where('gone_at', 'is not', null)
      .where('gone_at', '<', before)
      .where(leftNothing)
      .orderBy('gone_at')
      .limit(limit)
      .execute();
    return gone.length === 0 ? 0 : this.remove(gone.map(({ id }) => id));
  }
}

function guestsAway(transaction: Transaction<Schema>, before: number) {
  return transaction
    .selectFrom('users')
    .select('id')
    .where('password_hash', 'is', null)
    .where('gone_at', 'is', null)
    .where(LAST_VISIT, '<', before);
}

/** Checks each again: a guest may have come back since. */
async function letGo(
  transaction: Transaction<Schema>,
  guests: readonly { readonly id: string }[],
  before: number,
  now: number,
): Promise<Departure> {
  const ids: string[] = [];
  for (const { id } of guests) {
    const { numUpdatedRows } = await transaction
      .updateTable('users')
      .set(departed(id, now))
      .where('id', '=', id)
      .where('password_hash', 'is', null)
      .where('gone_at', 'is', null)
      .where(LAST_VISIT, '<', before)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) ids.push(id);
  }
  if (ids.length === 0) return { guests: 0, sessions: [] };
  const ended = await transaction
    .updateTable('sessions')
    .set({ revoked_at: now })
    .where('user_id', 'in', ids)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return { guests: ids.length, sessions: ended.map(({ id }) => id) };
}

function departed(id: string, now: number) {
  const { username, canonicalName, skeleton } = deletedName(id);
  return { username, canonical_name: canonicalName, skeleton, seen_at: null, gone_at: now };
}
