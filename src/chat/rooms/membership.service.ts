import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { judge, refuseUnless } from '../conversations/access.js';
import { isAtLeast, type Membership, type Role, type Room } from '../conversations/room.js';
import { type Level } from '../conversations/room-change.js';
import { type Member, type MemberSettings, RoomStore } from '../conversations/room-store.js';
import { type Admitted, admit, refuseClosed } from './admission.js';
import { Arrivals, type Moved } from './arrivals.js';
import { Exits } from './exits.js';
import { knownPerson } from './known-person.js';
import { refuseActing, refuseGiving } from './ranks.js';
import { RoomEvents } from './room-events.js';
import { type InRoom, RoomReader } from './room-reader.js';
import { expect, RoomWriter } from './room-writer.js';

/** Somebody in a room who acts, and the one that is acted on: null where that one is not in it. */
interface Acting extends InRoom {
  readonly theirs: Membership | null;
}

/** What somebody is in a room, after it was given. */
export interface Standing {
  readonly person: Person;
  readonly role: Role;
  /** Whether the person was added. */
  readonly isNew: boolean;
}

/** Where and when somebody came in; `room` and the place there as they are then. */
export interface Arrived extends Moved {
  readonly membership: Membership;
}

/**
 * Who is in a room, and as what. Every call rejects with a Refusal: as {@link RoomReader} for
 * whoever may not, and as {@link RoomWriter}.
 */
@Injectable()
export class MembershipService {
  constructor(
    private readonly reader: RoomReader,
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly arrivals: Arrivals,
    private readonly exits: Exits,
    private readonly events: RoomEvents,
    private readonly users: UserDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Enters a room that everybody may enter, or to which one is invited. Whoever is in it stays.
   * @throws Refusal as {@link admit}, and `too-many-rooms`, by rejection
   */
  join(me: Person, name: string, ref: string | null = null): Promise<Arrived> {
    return this.writer.decide(
      () => this.candidate(me, name),
      (admitted) => this.admitted(me, admitted, ref),
    );
  }

  /** Whoever may not be let in by `admitted` is refused before. */
  async admitted(
    me: Person,
    { room, mine, how, by }: Admitted,
    ref: string | null,
    link: string | null = null,
  ): Promise<Arrived> {
    if (mine !== null) {
      return { room, membership: mine, receipt: await this.arrivals.receiptOf(me, room, mine) };
    }
    await this.arrivals.refuseCrowded(me.id);
    const time = this.clock.now();
    const used = link === null ? [] : [{ op: 'use-link', link, time } as const];
    const role = 'member';
    const moved = await this.arrivals.enter({
      ...{ room, person: me, role, how, by, ref, with: used },
    });
    return { ...moved, membership: { role, joined: moved.receipt.seq, left: null } };
  }

  /** @throws Refusal `last-owner`, by rejection. An archived room can be left by everybody. */
  leave(me: Person, name: string, ref: string | null = null): Promise<Moved> {
    return this.writer.decide(
      () => this.reader.inside(me, name, 'read'),
      async ({ room, mine }) => {
        if (room.archivedAt === null) await this.refuseLastOwner(room, mine);
        return this.exits.exit({ room, person: me, how: 'self', by: null, ref });
      },
    );
  }

  /**
   * Adds somebody, or gives a member another role. Whoever is in the room keeps the role where none
   * is given.
   */
  async put(me: Person, name: string, username: string, role: Role | null): Promise<Standing> {
    await this.reader.inside(me, name, 'read');
    const other = await knownPerson(this.users, username);
    return this.writer.decide(
      () => this.acting(me, name, other),
      async (state) => {
        const { theirs } = state;
        const isNew = theirs?.left !== null;
        const given = role ?? (isNew ? 'member' : theirs.role);
        if (isNew) await this.add(me, state, other, given);
        else await this.setRole(me, state, other, given);
        return { person: other, role: given, isNew };
      },
    );
  }

  /** Removes a member; does nothing where the person is not in the room. */
  async remove(me: Person, name: string, username: string): Promise<void> {
    await this.reader.inside(me, name, 'read');
    const other = await knownPerson(this.users, username);
    if (other.id === me.id) {
      await this.leave(me, name);
      return;
    }
    await this.writer.decide(
      () => this.acting(me, name, other),
      async ({ room, mine, theirs }) => {
        refuseUnless(judge(room, mine, 'manage'));
        refuseArchived(room);
        if (theirs?.left !== null) return;
        refuseActing(mine.role, theirs.role);
        await this.exits.exit({ room, person: other, how: 'kicked', by: me });
      },
    );
  }

  /** Of what the person wants to be told there; what is not given stays as it is. */
  async configure(
    me: Person,
    name: string,
    wanted: { readonly level?: Level; readonly mutedUntil?: number | null },
  ): Promise<MemberSettings> {
    const { room } = await this.reader.inside(me, name, 'read');
    const present = await this.store.settings(room.id, me.id);
    if (present === null) throw new Refusal('not-a-member');
    const { level = present.level, mutedUntil = present.mutedUntil } = wanted;
    await this.writer.change([
      { op: 'set-level', room: room.id, person: me.id, level, mutedUntil },
    ]);
    return { level, mutedUntil };
  }

  /** Who is in a room, ordered by id. */
  async list(
    me: Person,
    name: string,
    request: { readonly limit: number; readonly after?: string; readonly role?: Role },
  ): Promise<readonly Member[]> {
    const { room } = await this.reader.inside(me, name, 'read');
    return this.store.members(room.id, request.limit, request.after, request.role);
  }

  /** Asks the store the same, whatever there is of the room. */
  private async candidate(me: Person, name: string): Promise<Admitted> {
    const found = await this.reader.any(me, name);
    const { room = null, membership = null } = found ?? {};
    const id = room?.id ?? '';
    const [ban, inviter] = await Promise.all([
      this.store.ban(id, me.id, this.clock.now()),
      this.store.inviter(id, me.id),
    ]);
    return admit({ room, membership, ban, inviter });
  }

  private async acting(me: Person, name: string, other: Person): Promise<Acting> {
    const state = await this.reader.inside(me, name, 'read');
    return { ...state, theirs: await this.store.membership(state.room.id, other.id) };
  }

  private async add(me: Person, { room, mine }: InRoom, other: Person, role: Role): Promise<void> {
    refuseUnless(judge(room, mine, 'invite'));
    if (role !== 'member') refuseUnless(judge(room, mine, 'manage'));
    refuseGiving(mine.role, role);
    refuseClosed(room);
    if ((await this.store.ban(room.id, other.id, this.clock.now())) !== null) {
      throw new Refusal('forbidden', { field: 'username' });
    }
    await this.arrivals.refuseCrowded(other.id, 'username');
    await this.arrivals.enter({ room, person: other, role, how: 'added', by: me });
  }

  private async setRole(
    me: Person,
    { room, mine, theirs }: Acting,
    other: Person,
    role: Role,
  ): Promise<void> {
    refuseArchived(room);
    if (theirs === null || theirs.role === role) return;
    if (other.id === me.id) await this.refuseSelf(room, mine, role);
    else {
      refuseUnless(judge(room, mine, 'manage'));
      refuseActing(mine.role, theirs.role);
      refuseGiving(mine.role, role);
    }
    const change = { op: 'set-role', room: room.id, person: other.id, role } as const;
    const happening = { room, who: me, changes: [expect(room), change] };
    await this.writer.write(this.events.member(happening, other, role));
  }

  /** One steps down, never up. */
  private async refuseSelf(room: Room, mine: Membership, role: Role): Promise<void> {
    if (isAtLeast(role, mine.role)) throw new Refusal('forbidden', { needs: role });
    await this.refuseLastOwner(room, mine);
  }

  private async refuseLastOwner(room: Room, mine: Membership): Promise<void> {
    if (mine.role !== 'owner') return;
    const owners = await this.store.members(room.id, 2, undefined, 'owner');
    if (owners.length < 2) throw new Refusal('last-owner');
  }
}

function refuseArchived({ archivedAt }: Room): void {
  if (archivedAt !== null) throw new Refusal('room-archived');
}
