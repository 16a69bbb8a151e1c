import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { roomKey } from '../conversations/key.js';
import type { HistoryRule, Membership, Room, RoomKind } from '../conversations/room.js';
import type { RoomChange, RoomName } from '../conversations/room-change.js';
import { RoomStore } from '../conversations/room-store.js';
import { Stale } from '../log/journal.js';
import { type Arriving, Arrivals } from './arrivals.js';
import { MADE_WITHIN_MS, ROOMS_MADE } from './bounds.js';
import { checkDescription } from './description.js';
import { knownPerson } from './known-person.js';
import { MembershipService } from './membership.service.js';
import { RoomEvents } from './room-events.js';
import { parseRoomName } from './room-name.js';
import { RoomQueue } from './room-queue.js';
import { RoomWriter } from './room-writer.js';

/** A room to be made. */
export interface NewRoom {
  readonly name: string;
  readonly title: string | null;
  readonly topic: string | null;
  readonly kind: RoomKind;
  readonly history: HistoryRule;
  /** Names of people to be added at once. */
  readonly members: readonly string[];
  /** The same person and ref make the same room, however often. */
  readonly ref: string | null;
}

/** A room that was made, or found by its ref, and the maker's place in it. */
export interface Founded {
  readonly room: Room;
  /** Null for whoever made it once and has left it. */
  readonly membership: Membership | null;
  readonly isNew: boolean;
}

const TRIES = 10;

/** Makes rooms. */
@Injectable()
export class FoundingService {
  constructor(
    private readonly store: RoomStore,
    private readonly writer: RoomWriter,
    private readonly queue: RoomQueue,
    private readonly arrivals: Arrivals,
    private readonly members: MembershipService,
    private readonly events: RoomEvents,
    private readonly users: UserDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Refusal `room-exists`, `limit-reached`, `too-many-rooms`, `unknown-recipient`, or
   *   `invalid-field` or `text-too-long` for a name or text, by rejection
   */
  create(me: Person, wanted: NewRoom): Promise<Founded> {
    const name = parseRoomName(wanted.name);
    checkDescription(wanted);
    // One after the other, so that many at once stay within the bounds.
    return this.queue.run(`maker:${me.id}`, async () => {
      const known = await this.byRef(me, wanted.ref);
      if (known !== null) return known;
      const people = await this.peopleOf(me, wanted.members);
      await this.refuseBeyond(me, people);
      const made = await this.make(me, name, wanted);
      if (!made.isNew) return made;
      return { ...made, room: await this.addAll(me, made.room, people) };
    });
  }

  private async make(me: Person, name: RoomName, wanted: NewRoom): Promise<Founded> {
    for (let tries = 1; ; tries++) {
      const holder = await this.store.nameHolder(name, this.clock.now());
      if (holder !== null) throw new Refusal('room-exists', { field: 'name' });
      try {
        return await this.write(me, name, wanted);
      } catch (error) {
        if (!(error instanceof Stale) || tries === TRIES) throw error;
        // On another node somebody took the name, or this call came a second time.
        const known = await this.byRef(me, wanted.ref);
        if (known !== null) return known;
      }
    }
  }

  private async write(me: Person, name: RoomName, wanted: NewRoom): Promise<Founded> {
    const room = this.roomOf(name, wanted);
    const time = room.createdAt;
    const changes: RoomChange[] = [
      { op: 'make', ...room, room: room.id, name, by: me.id, ref: wanted.ref, time },
      { op: 'enter', room: room.id, person: me.id, role: 'owner', time },
    ];
    const { seq } = await this.writer.write(
      this.events.join({ room, who: me, changes }, 'self', null, 'owner'),
    );
    this.arrivals.tell({ room, person: me, role: 'owner', how: 'self', by: null });
    const membership: Membership = { role: 'owner', joined: seq, left: null };
    return { room: { ...room, members: 1 }, membership, isNew: true };
  }

  private roomOf(name: RoomName, { title, topic, kind, history }: NewRoom): Room {
    const id = this.events.nextId();
    return {
      ...{ id, key: roomKey(id), name: name.displayed, title, topic, kind, history, rights: {} },
      ...{ createdAt: this.clock.now(), archivedAt: null, members: 0, version: 1 },
    };
  }

  /** All in one batch; whoever is overtaken by somebody who joins alone is added afterwards. */
  private async addAll(me: Person, made: Room, people: readonly Person[]): Promise<Room> {
    const arriving = people.map((person, index): Arriving => {
      const room = { ...made, members: made.members + index, version: made.version + index };
      return { room, person, role: 'member', how: 'added', by: me };
    });
    const outcomes = await Promise.allSettled(
      arriving.map((one) => this.writer.write(this.arrivals.draft(one))),
    );
    for (const [index, one] of arriving.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled') this.arrivals.tell(one);
      else if (!(outcome?.reason instanceof Stale)) throw outcome?.reason;
      else await this.members.put(me, made.name, one.person.username, null);
    }
    const rooms = await this.store.byIds([made.id]);
    return rooms.get(made.id) ?? made;
  }

  private async peopleOf(me: Person, names: readonly string[]): Promise<readonly Person[]> {
    const people = new Map<string, Person>();
    for (const name of names) {
      const person = await knownPerson(this.users, name, 'members');
      if (person.id !== me.id) people.set(person.id, person);
    }
    return [...people.values()];
  }

  private async refuseBeyond(me: Person, people: readonly Person[]): Promise<void> {
    const made = await this.store.countMade(me.id, this.clock.now() - MADE_WITHIN_MS);
    if (made >= ROOMS_MADE) throw new Refusal('limit-reached', { limit: ROOMS_MADE });
    await this.arrivals.refuseCrowded(me.id);
    for (const { id } of people) await this.arrivals.refuseCrowded(id, 'members');
  }

  private async byRef(me: Person, ref: string | null): Promise<Founded | null> {
    const room = ref === null ? null : await this.store.byRef(me.id, ref);
    if (room === null) return null;
    const membership = await this.store.membership(room.id, me.id);
    return { room, membership: membership?.left === null ? membership : null, isNew: false };
  }
}
