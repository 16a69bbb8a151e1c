import type { Kysely, Selectable } from 'kysely';
import { type Account, type FamiliarAddress, UserStore } from '../../auth/accounts/user-store.js';
import { deleteInChunks } from './delete-in-chunks.js';
import type { Schema, UsersTable } from './schema.js';
import { transact } from './transact.js';

export class SqlUserStore extends UserStore {
  constructor(private readonly database: Kysely<Schema>) {
    super();
  }

  override async create(account: Account): Promise<boolean> {
    const result = await this.database
      .insertInto('users')
      .values({
        id: account.id,
        username: account.username,
        canonical_name: account.canonicalName,
        skeleton: account.skeleton,
        password_hash: account.passwordHash,
        created_at: account.createdAt,
        seen_at: account.passwordHash === null ? account.createdAt : null,
        gone_at: null,
        has_written: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  }

  override async findByName(canonicalName: string): Promise<Account | null> {
    const row = await this.database
      .selectFrom('users')
      .selectAll()
      .where('canonical_name', '=', canonicalName)
      .executeTakeFirst();
    return row === undefined ? null : toAccount(row);
  }

  override async findById(id: string): Promise<Account | null> {
    const row = await this.database
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : toAccount(row);
  }

  override async nextGuestNumber(): Promise<number> {
    const { value } = await this.database
      .insertInto('counters')
      .values({ name: 'guest', value: 1 })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((update) => ({ value: update('counters.value', '+', 1) })),
      )
      .returning('value')
      .executeTakeFirstOrThrow();
    return value;
  }

  override async noteAddress({ hash, userId, at, keep }: FamiliarAddress): Promise<void> {
    await transact(this.database, async (transaction) => {
      await transaction
        .insertInto('familiar_addresses')
        .values({ hash, user_id: userId, seen_at: at })
        .onConflict((conflict) => conflict.column('hash').doUpdateSet({ seen_at: at }))
        .execute();
      await transaction
        .deleteFrom('familiar_addresses')
        .where('user_id', '=', userId)
        .where('hash', 'not in', (query) =>
          query
            .selectFrom('familiar_addresses')
            .select('hash')
            .where('user_id', '=', userId)
            .orderBy('seen_at', 'desc')
            .limit(keep),
        )
        .execute();
    });
  }

  override async knowsAddress(hash: string, since: number): Promise<boolean> {
    const row = await this.database
      .selectFrom('familiar_addresses')
      .select('hash')
      .where('hash', '=', hash)
      .where('seen_at', '>=', since)
      .executeTakeFirst();
    return row !== undefined;
  }

  override async forgetAddresses(before: number): Promise<void> {
    await deleteInChunks((limit) =>
      this.database
        .deleteFrom('familiar_addresses')
        .where('hash', 'in', (query) =>
          query
            .selectFrom('familiar_addresses')
            .select('hash')
            .where('seen_at', '<', before)
            .limit(limit),
        ),
    );
  }
}

function toAccount(row: Selectable<UsersTable>): Account {
  return {
    id: row.id,
    username: row.username,
    canonicalName: row.canonical_name,
    skeleton: row.skeleton,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
  };
}
