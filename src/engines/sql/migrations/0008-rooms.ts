import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT, type TextType } from './text-type.js';

type Connection = Kysely<unknown>;

/**
 * Rooms, their names, and who is in them, was invited, or may not enter. The lobby has no row, nor
 * has anybody in it.
 */
export function rooms(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Connection) => {
      const text = TEXT[dialect];
      await connection.schema
        .alterTable('users')
        .addColumn('rooms_version', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await createRooms(connection, text);
      await createMembers(connection, text);
      await createBans(connection, text);
      await createInvitations(connection, text);
    },
  };
}

async function createRooms({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('rooms')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('canonical_name', text, (column) => column.notNull().unique())
    .addColumn('title', text)
    .addColumn('topic', text)
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('history', text, (column) => column.notNull())
    .addColumn('rights', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', text, (column) => column.notNull())
    .addColumn('ref', text)
    .addColumn('archived_at', 'bigint')
    .addColumn('members', 'bigint', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('rooms_maker')
    .on('rooms')
    .columns(['created_by', 'created_at'])
    .execute();
  await schema
    .createIndex('rooms_ref')
    .unique()
    .on('rooms')
    .columns(['created_by', 'ref'])
    .execute();
  await schema
    .createTable('room_names')
    .addColumn('skeleton', text, (column) => column.primaryKey().notNull())
    .addColumn('canonical_name', text, (column) => column.notNull().unique())
    .addColumn('room_id', text, (column) => column.notNull())
    .addColumn('until', 'bigint')
    .execute();
  await schema.createIndex('room_names_room').on('room_names').column('room_id').execute();
}

async function createMembers({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('room_members')
    .addColumn('room_id', text, (column) => column.notNull())
    .addColumn('person_id', text, (column) => column.notNull())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('joined_seq', 'bigint', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addColumn('left_seq', 'bigint')
    .addColumn('level', text, (column) => column.notNull().defaultTo('all'))
    .addColumn('muted_until', 'bigint')
    .addPrimaryKeyConstraint('room_members_key', ['room_id', 'person_id'])
    .execute();
  // The rooms of somebody who connects.
  await schema.createIndex('room_members_person').on('room_members').column('person_id').execute();
}

async function createBans({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('room_bans')
    .addColumn('room_id', text, (column) => column.notNull())
    .addColumn('person_id', text, (column) => column.notNull())
    .addColumn('by_id', text, (column) => column.notNull())
    .addColumn('reason', text)
    .addColumn('until', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('room_bans_key', ['room_id', 'person_id'])
    .execute();
}

async function createInvitations({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('room_invitations')
    .addColumn('room_id', text, (column) => column.notNull())
    .addColumn('person_id', text, (column) => column.notNull())
    .addColumn('by_id', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('room_invitations_key', ['person_id', 'room_id'])
    .execute();
  await schema
    .createIndex('room_invitations_room')
    .on('room_invitations')
    .column('room_id')
    .execute();
  await schema
    .createTable('room_links')
    .addColumn('hash', text, (column) => column.primaryKey().notNull())
    .addColumn('room_id', text, (column) => column.notNull())
    .addColumn('by_id', text, (column) => column.notNull())
    .addColumn('uses_left', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('room_links_room').on('room_links').column('room_id').execute();
}
