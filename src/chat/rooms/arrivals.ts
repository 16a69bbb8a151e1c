import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Membership, Role, Room } from '../conversations/room.js';
import type { RoomChange } from '../conversations/room-change.js';
import { RoomStore } from '../conversations/room-store.js';
import type { Draft, Receipt } from '../log/event.js';
import { EventLog } from '../log/event-log.js';
import type { JoinHow } from '../messages/kinds/join.js';
import { EVENTS_UP_TO, ROOMS_A_PERSON } from './bounds.js';
import { RoomEvents } from './room-events.js';
import { RoomNews } from './room-news.js';
import { expect, RoomWriter } from './room-writer.js';

/** Somebody who comes into a room. */
export interface Arriving {
  /** As it was when this was decided. */
  readonly room: Room;
  readonly person: Person;
  readonly role: Role;
  readonly how: JoinHow;
  /** Who invited or added the person; null: nobody. */
  readonly by: Person | null;
  readonly ref?: string | null;
  /** What else changes with it, such as the link that was used. */
  readonly with?: readonly RoomChange[];
}

/** Where and when somebody came into a room, or went from it. */
export interface Moved {
  /** As it is after that. */
  readonly room: Room;
  readonly receipt: Receipt;
}

/** Lets people into rooms: by an event, or in large rooms by a row alone. */
@Injectable()
export class Arrivals {
  constructor(
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly log: EventLog,
    private readonly events: RoomEvents,
    private readonly news: RoomNews,
    private readonly clock: Clock,
  ) {}

  /**
   * @param field the field of the request that named the person; null: who asks
   * @throws Refusal `too-many-rooms`, by rejection, where the person is in as many as can be
   */
  async refuseCrowded(personId: string, field: string | null = null): Promise<void> {
    if ((await this.store.countRoomsOf(personId)) < ROOMS_A_PERSON) return;
    throw new Refusal('too-many-rooms', {
      limit: ROOMS_A_PERSON,
      ...(field === null ? {} : { field }),
    });
  }

  /** @throws Stale where the room has changed meanwhile, by rejection */
  async enter(arriving: Arriving): Promise<Moved> {
    const isRow = arriving.how !== 'added' && arriving.room.members > EVENTS_UP_TO;
    const receipt = await (isRow ? this.enterAsRow(arriving) : this.enterByEvent(arriving));
    this.tell(arriving);
    return { room: afterwards(arriving.room), receipt };
  }

  /** The event by which somebody comes in, to be written by whoever adds many at once. */
  draft(arriving: Arriving): Draft {
    const { room, person: who, how, by, role, ref = null } = arriving;
    return this.events.join({ room, who, changes: this.changes(arriving), ref }, how, by, role);
  }

  tell({ room, person, how, by }: Arriving): void {
    const time = this.clock.now();
    const doer = how === 'added' ? by : null;
    const what = 'added' as const;
    this.news.notify({ personId: person.id, what, room: afterwards(room), by: doer, time });
  }

  /** When somebody who is in the room came in. */
  async receiptOf(person: Person, room: Room, { joined }: Membership): Promise<Receipt> {
    const [event] = await this.log.page(room.key, { after: Math.max(0, joined - 1), limit: 1 });
    const isOwn = event?.kind === 'join' && event.author.id === person.id;
    return isOwn && event.seq === joined ? event : this.events.receiptAt(joined - 1);
  }

  private async enterByEvent(arriving: Arriving): Promise<Receipt> {
    return this.writer.write(this.draft(arriving));
  }

  private async enterAsRow(arriving: Arriving): Promise<Receipt> {
    const { person } = arriving;
    await this.writer.change(this.changes(arriving));
    const room = afterwards(arriving.room);
    const membership = await this.store.membership(room.id, person.id);
    this.news.moved(person, room, membership);
    return this.events.receiptAt((membership?.joined ?? 1) - 1);
  }

  private changes({ room, person, role, with: more = [] }: Arriving): readonly RoomChange[] {
    const time = this.clock.now();
    return [expect(room), ...more, { op: 'enter', room: room.id, person: person.id, role, time }];
  }
}

function afterwards(room: Room): Room {
  return { ...room, members: room.members + 1, version: room.version + 1 };
}
