import type { Kysely } from 'kysely';
import {
  type Ban,
  type Invitation,
  type RoomLink,
  RoomStore,
} from '../../chat/conversations/room-store.js';
import type { Person } from '../../kernel/person.js';
import { toRoom } from './room-row.js';
import type { Schema } from './schema.js';

/** Who may come into a room, and who may not: bans, invitations and links. */
export abstract class SqlRoomDoors extends RoomStore {
  constructor(protected readonly queries: Kysely<Schema>) {
    super();
  }

  override async ban(roomId: string, personId: string, now: number): Promise<Ban | null> {
    const row = await this.liveBans(roomId, now)
      .where('room_bans.person_id', '=', personId)
      .executeTakeFirst();
    return row === undefined ? null : toBan(row);
  }

  override async bans(
    roomId: string,
    now: number,
    limit: number,
    after = '',
  ): Promise<readonly Ban[]> {
    const rows = await this.liveBans(roomId, now)
      .where('room_bans.person_id', '>', after)
      .orderBy('room_bans.person_id')
      .limit(limit)
      .execute();
    return rows.map(toBan);
  }

  override async countBans(roomId: string, now: number): Promise<number> {
    const { count } = await this.queries
      .selectFrom('room_bans')
      .select((query) => query.fn.countAll().as('count'))
      .where('room_id', '=', roomId)
      .where((where) => where.or([where('until', 'is', null), where('until', '>', now)]))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  override async inviter(roomId: string, personId: string): Promise<Person | null> {
    const row = await this.queries
      .selectFrom('room_invitations')
      .innerJoin('users', 'users.id', 'room_invitations.by_id')
      .select(['users.id', 'users.username'])
      .where('room_invitations.room_id', '=', roomId)
      .where('room_invitations.person_id', '=', personId)
      .executeTakeFirst();
    return row ?? null;
  }

  override async invitations(
    personId: string,
    limit: number,
    after = '',
  ): Promise<readonly Invitation[]> {
    const rows = await this.queries
      .selectFrom('room_invitations')
      .innerJoin('rooms', 'rooms.id', 'room_invitations.room_id')
      .innerJoin('users', 'users.id', 'room_invitations.by_id')
      .selectAll('rooms')
      .select([
        'users.id as by_id',
        'users.username as by_name',
        'room_invitations.created_at as time',
      ])
      .where('room_invitations.person_id', '=', personId)
      .where('room_invitations.room_id', '>', after)
      .where('rooms.archived_at', 'is', null)
      .orderBy('room_invitations.room_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      room: toRoom(row),
      by: { id: row.by_id, username: row.by_name },
      time: row.time,
    }));
  }

  override async countInvitations(roomId: string): Promise<number> {
    const { count } = await this.queries
      .selectFrom('room_invitations')
      .select((query) => query.fn.countAll().as('count'))
      .where('room_id', '=', roomId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  override async link(link: string, now: number): Promise<RoomLink | null> {
    const row = await this.liveLinks(now).where('hash', '=', link).executeTakeFirst();
    return row === undefined
      ? null
      : { roomId: row.room_id, usesLeft: row.uses_left, expiresAt: row.expires_at };
  }

  override async countLinks(roomId: string, now: number): Promise<number> {
    const rows = await this.liveLinks(now).where('room_id', '=', roomId).execute();
    return rows.length;
  }

  private liveBans(roomId: string, now: number) {
    return this.queries
      .selectFrom('room_bans')
      .innerJoin('users', 'users.id', 'room_bans.person_id')
      .innerJoin('users as banner', 'banner.id', 'room_bans.by_id')
      .select([
        'users.id',
        'users.username',
        'banner.id as by_id',
        'banner.username as by_name',
        'room_bans.reason',
        'room_bans.until',
        'room_bans.created_at',
      ])
      .where('room_bans.room_id', '=', roomId)
      .where((where) =>
        where.or([where('room_bans.until', 'is', null), where('room_bans.until', '>', now)]),
      );
  }

  private liveLinks(now: number) {
    return this.queries
      .selectFrom('room_links')
      .select(['room_id', 'uses_left', 'expires_at'])
      .where((where) => where.or([where('uses_left', 'is', null), where('uses_left', '>', 0)]))
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]));
  }
}

interface BanRow {
  readonly id: string;
  readonly username: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly reason: string | null;
  readonly until: number | null;
  readonly created_at: number;
}

function toBan(row: BanRow): Ban {
  return {
    person: { id: row.id, username: row.username },
    by: { id: row.by_id, username: row.by_name },
    reason: row.reason,
    until: row.until,
    time: row.created_at,
  };
}
