import { type Selectable, sql, type SqlBool } from 'kysely';
import type { Person } from '../../kernel/person.js';
import { type ConversationKey, roomKey } from '../../chat/conversations/key.js';
import type { Membership, Role, Room } from '../../chat/conversations/room.js';
import type { RoomChange, RoomName } from '../../chat/conversations/room-change.js';
import type {
  Member,
  MemberSettings,
  PersonsRoom,
  RoomSnapshot,
} from '../../chat/conversations/room-store.js';
import { headOf, translate } from './room-changes.js';
import { toRoom } from './room-row.js';
import type { RoomsTable } from './schema-rooms.js';
import { SqlRoomDoors } from './sql-room-doors.js';
import { transact } from './transact.js';

/** Ids per statement: far below the databases' limits. */
const CHUNK = 500;

type Place = readonly [roomId: string, role: Role, joined: number];

/** All places of a group, as the JSON of {@link Place}s. */
const PLACES = sql<string>`'[' || string_agg(
  '["' || room_id || '","' || role || '",' || joined_seq || ']', ',') || ']'`;

/** Undoes a transaction whose rows were not as expected. */
class NotAsExpected extends Error {}

/** Shared by both databases. */
export class SqlRoomStore extends SqlRoomDoors {
  override wasChanged = false;

  override async change(changes: readonly RoomChange[]): Promise<boolean> {
    this.wasChanged = true;
    const statements = changes.flatMap((change) => {
      const head = headOf('room' in change ? change.room : '');
      return translate(change, head, sql<number>`${head} + 1`);
    });
    try {
      await transact(this.queries, async (transaction) => {
        for (const { query, must } of statements) {
          const { numAffectedRows } = await query.execute(transaction);
          if (must && (numAffectedRows ?? 0n) === 0n) throw new NotAsExpected();
        }
      });
      return true;
    } catch (error) {
      if (error instanceof NotAsExpected) return false;
      throw error;
    }
  }

  override async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Room>> {
    const rooms = new Map<string, Room>();
    for (let start = 0; start < ids.length; start += CHUNK) {
      const rows = await this.queries
        .selectFrom('rooms')
        .selectAll()
        .where('id', 'in', ids.slice(start, start + CHUNK))
        .execute();
      for (const row of rows) rooms.set(row.id, toRoom(row));
    }
    return rooms;
  }

  override async snapshots(ids: readonly string[]): Promise<readonly RoomSnapshot[]> {
    const snapshots: RoomSnapshot[] = [];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const rows = await this.queries
        .selectFrom('rooms')
        .leftJoin('conversations', (join) =>
          join.on(sql<SqlBool>`conversations.key = ${roomKey('')} || rooms.id`),
        )
        .selectAll('rooms')
        .select('conversations.last_seq')
        .where('rooms.id', 'in', ids.slice(start, start + CHUNK))
        .execute();
      for (const row of rows) snapshots.push({ room: toRoom(row), head: row.last_seq ?? 0 });
    }
    return snapshots;
  }

  /** Reads a room also where there is none of that name, so that its absence takes the same time. */
  override async byName(canonical: string, now: number): Promise<Room | null> {
    const { rows } = await sql<Selectable<RoomsTable> & { readonly found: number }>`
      select rooms.*, case when asked.id is null then 0 else 1 end as found
      from (select (
        select room_id from room_names
        where canonical_name = ${canonical}
          and (until is null or until > cast(${now} as bigint))
      ) as id) as asked
      join rooms on rooms.id = coalesce(asked.id, (select id from rooms limit 1))`.execute(
      this.queries,
    );
    const [row] = rows;
    if (row === undefined) return null;
    const room = toRoom(row);
    return row.found === 1 ? room : null;
  }

  override async nameHolder(name: RoomName, now: number): Promise<string | null> {
    const row = await this.queries
      .selectFrom('room_names')
      .select('room_id')
      .where((where) =>
        where.or([
          where('skeleton', '=', name.skeleton),
          where('canonical_name', '=', name.canonical),
        ]),
      )
      .where((where) => where.or([where('until', 'is', null), where('until', '>', now)]))
      .limit(1)
      .executeTakeFirst();
    return row?.room_id ?? null;
  }

  override async byRef(personId: string, ref: string): Promise<Room | null> {
    const row = await this.queries
      .selectFrom('rooms')
      .selectAll()
      .where('created_by', '=', personId)
      .where('ref', '=', ref)
      .executeTakeFirst();
    return row === undefined ? null : toRoom(row);
  }

  override async countMade(personId: string, since: number): Promise<number> {
    const { count } = await this.queries
      .selectFrom('rooms')
      .select((query) => query.fn.countAll().as('count'))
      .where('created_by', '=', personId)
      .where('created_at', '>=', since)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  override async membership(roomId: string, personId: string): Promise<Membership | null> {
    const row = await this.queries
      .selectFrom('room_members')
      .select(['role', 'joined_seq', 'left_seq'])
      .where('room_id', '=', roomId)
      .where('person_id', '=', personId)
      .executeTakeFirst();
    return row === undefined
      ? null
      : { role: row.role, joined: row.joined_seq, left: row.left_seq };
  }

  override async membersAmong(
    roomId: string,
    personIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    if (personIds.length === 0) return new Set();
    const rows = await this.queries
      .selectFrom('room_members')
      .select('person_id')
      .where('room_id', '=', roomId)
      .where('person_id', 'in', personIds)
      .where('left_seq', 'is', null)
      .execute();
    return new Set(rows.map((row) => row.person_id));
  }

  override async roomsOf(personIds: readonly string[]): Promise<readonly PersonsRoom[]> {
    if (personIds.length === 0) return [];
    // One row a person: fifty times five hundred take the reading thread four times as long.
    const rows = await this.queries
      .selectFrom('room_members')
      .select(['person_id', PLACES.as('places')])
      .where('person_id', 'in', personIds)
      .where('left_seq', 'is', null)
      .groupBy('person_id')
      .execute();
    return rows.flatMap(({ person_id: personId, places }) =>
      (JSON.parse(places) as readonly Place[]).map(([roomId, role, joined]) => ({
        personId,
        roomId,
        membership: { role, joined, left: null },
      })),
    );
  }

  override async countRoomsOf(personId: string): Promise<number> {
    const { count } = await this.queries
      .selectFrom('room_members')
      .select((query) => query.fn.countAll().as('count'))
      .where('person_id', '=', personId)
      .where('left_seq', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  override async hasRooms(): Promise<boolean> {
    const found = await this.queries.selectFrom('rooms').select('id').limit(1).executeTakeFirst();
    return found !== undefined;
  }

  override async versionsOf(personIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (personIds.length === 0) return new Map();
    const rows = await this.queries
      .selectFrom('users')
      .select(['id', 'rooms_version'])
      .where('id', 'in', personIds)
      .execute();
    return new Map(rows.map((row) => [row.id, row.rooms_version]));
  }

  override async members(
    roomId: string,
    limit: number,
    after = '',
    role?: Role,
  ): Promise<readonly Member[]> {
    let query = this.presentMembers(roomId).where('room_members.person_id', '>', after);
    if (role !== undefined) query = query.where('room_members.role', '=', role);
    const rows = await query.orderBy('room_members.person_id').limit(limit).execute();
    return rows.map(toMember);
  }

  override async successor(roomId: string, except: string): Promise<Member | null> {
    const rank = sql`case ${sql.ref('room_members.role')}
      when 'owner' then 0 when 'moderator' then 1 when 'member' then 2 else 3 end`;
    const row = await this.presentMembers(roomId)
      .where('room_members.person_id', '!=', except)
      .orderBy(rank)
      .orderBy('room_members.joined_seq')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : toMember(row);
  }

  override async directory(
    q: string,
    limit: number,
    after = '',
  ): Promise<readonly (Room & { readonly canonical: string })[]> {
    const pattern = `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const { rows } = await sql<Selectable<RoomsTable>>`
      select * from rooms
      where kind <> 'private' and archived_at is null and canonical_name > ${after}
        and (canonical_name like ${pattern} escape '\\'
          or lower(coalesce(title, '')) like ${pattern} escape '\\')
      order by canonical_name limit cast(${limit} as bigint)`.execute(this.queries);
    return rows.map((row) => ({ ...toRoom(row), canonical: row.canonical_name }));
  }

  override async settings(roomId: string, personId: string): Promise<MemberSettings | null> {
    const row = await this.queries
      .selectFrom('room_members')
      .select(['level', 'muted_until'])
      .where('room_id', '=', roomId)
      .where('person_id', '=', personId)
      .where('left_seq', 'is', null)
      .executeTakeFirst();
    return row === undefined ? null : { level: row.level, mutedUntil: row.muted_until };
  }

  override async goneMembers(since: number, limit: number): Promise<readonly Person[]> {
    return this.queries
      .selectFrom('users')
      .select(['users.id', 'users.username'])
      .where('users.gone_at', '>=', since)
      .where((where) =>
        where.exists(
          where
            .selectFrom('room_members')
            .select('room_members.room_id')
            .whereRef('room_members.person_id', '=', 'users.id')
            .where('room_members.left_seq', 'is', null),
        ),
      )
      .orderBy('users.id')
      .limit(limit)
      .execute();
  }

  override async ownedAlone(personId: string): Promise<readonly ConversationKey[]> {
    const rows = await this.queries
      .selectFrom('room_members as mine')
      .select('mine.room_id')
      .where('mine.person_id', '=', personId)
      .where('mine.role', '=', 'owner')
      .where('mine.left_seq', 'is', null)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('room_members as other')
              .select('other.person_id')
              .whereRef('other.room_id', '=', 'mine.room_id')
              .where('other.person_id', '!=', personId)
              .where('other.role', '=', 'owner')
              .where('other.left_seq', 'is', null),
          ),
        ),
      )
      .execute();
    return rows.map((row) => roomKey(row.room_id));
  }

  private presentMembers(roomId: string) {
    return this.queries
      .selectFrom('room_members')
      .innerJoin('users', 'users.id', 'room_members.person_id')
      .select(['users.id', 'users.username', 'room_members.role', 'room_members.joined_at'])
      .where('room_members.room_id', '=', roomId)
      .where('room_members.left_seq', 'is', null);
  }
}

interface MemberRow {
  readonly id: string;
  readonly username: string;
  readonly role: Role;
  readonly joined_at: number;
}

function toMember({ id, username, role, joined_at: since }: MemberRow): Member {
  return { person: { id, username }, role, since };
}
