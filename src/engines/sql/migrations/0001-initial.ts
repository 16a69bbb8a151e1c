import { type ColumnDefinitionBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT, type TextType } from './text-type.js';

type Connection = Kysely<unknown>;

/** Accounts, sessions, conversations and their events. */
export function initial(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Connection) => {
      const text = TEXT[dialect];
      await createAccounts(connection, text);
      await createSessions(connection, text);
      await createConversations(connection, dialect);
      await createEvents(connection, dialect);
      await createDirectMembers(connection, text);
    },
  };
}

async function createAccounts({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('users')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('username', text, (column) => column.notNull())
    .addColumn('canonical_name', text, (column) => column.notNull().unique())
    .addColumn('skeleton', text, (column) => column.notNull().unique())
    .addColumn('password_hash', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('counters')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .execute();
}

async function createSessions({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('sessions')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('user_id', text, (column) => column.notNull().references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute();
  await schema.createIndex('sessions_user').on('sessions').column('user_id').execute();
  await schema.createIndex('sessions_end').on('sessions').column('expires_at').execute();
  await schema.createIndex('sessions_revoked').on('sessions').column('revoked_at').execute();
  await schema
    .createTable('refresh_tokens')
    .addColumn('hash', text, (column) => column.primaryKey().notNull())
    .addColumn('session_id', text, (column) =>
      column.notNull().references('sessions.id').onDelete('cascade'),
    )
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
  await schema.createIndex('refresh_session').on('refresh_tokens').column('session_id').execute();
  await schema.createIndex('refresh_end').on('refresh_tokens').column('expires_at').execute();
  await schema
    .createTable('tickets')
    .addColumn('hash', text, (column) => column.primaryKey().notNull())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('username', text, (column) => column.notNull())
    .addColumn('session_expires_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('tickets_end').on('tickets').column('expires_at').execute();
}

async function createConversations({ schema }: Connection, dialect: SqlDialect): Promise<void> {
  const table = schema.createTable('conversations');
  // An `integer primary key` numbers itself on SQLite; PostgreSQL has to be told.
  const numbered =
    dialect === 'sqlite'
      ? table.addColumn('id', 'integer', (column) => column.primaryKey())
      : table.addColumn('id', 'bigint', (column) =>
          column.primaryKey().generatedByDefaultAsIdentity(),
        );
  await numbered
    .addColumn('key', TEXT[dialect], (column) => column.notNull().unique())
    .addColumn('last_seq', 'bigint', (column) => column.notNull())
    .addColumn('last_time', 'bigint', (column) => column.notNull())
    .execute();
}

async function createEvents({ schema }: Connection, dialect: SqlDialect): Promise<void> {
  const text = TEXT[dialect];
  // PostgreSQL checks each row's references one by one, which takes longer than the rest of an
  // append. There the appender locks the conversation's row instead, and checks all authors at
  // once.
  const refersTo = (target: string) => (column: ColumnDefinitionBuilder) =>
    dialect === 'sqlite' ? column.notNull().references(target) : column.notNull();
  await schema
    .createTable('events')
    .addColumn('conversation_id', 'bigint', refersTo('conversations.id'))
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull().defaultTo('message'))
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('author_id', text, refersTo('users.id'))
    .addColumn('text', text, (column) => column.notNull())
    .addColumn('ref', text)
    .addPrimaryKeyConstraint('events_key', ['conversation_id', 'seq'])
    .execute();
  // The ref comes first: clients derive refs from a clock or a counter, so that rows written
  // together are neighbours in the index. With the author first, each row of a batch would dirty a
  // page of its own, which triples the cost of the commit.
  await schema
    .createIndex('events_ref')
    .unique()
    .on('events')
    .columns(['ref', 'author_id'])
    .where(sql.ref('ref'), 'is not', null)
    .execute();
}

async function createDirectMembers({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('direct_members')
    .addColumn('person_id', text, (column) => column.notNull().references('users.id'))
    .addColumn('conversation_id', 'bigint', (column) =>
      column.notNull().references('conversations.id'),
    )
    .addColumn('peer_id', text, (column) => column.notNull().references('users.id'))
    .addColumn('delivered', 'bigint', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('direct_members_key', ['person_id', 'conversation_id'])
    .execute();
}
