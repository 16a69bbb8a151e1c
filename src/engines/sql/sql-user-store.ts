import type { Kysely, Selectable } from 'kysely';
import { type Account, UserStore } from '../../auth/user-store.js';
import type { Schema, UsersTable } from './schema.js';

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
