import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import type { Room } from '../conversations/room.js';
import type { RoomChange } from '../conversations/room-change.js';
import { RoomStore } from '../conversations/room-store.js';
import type { Receipt } from '../log/event.js';
import type { PartHow } from '../messages/kinds/part.js';
import type { Moved } from './arrivals.js';
import { EVENTS_UP_TO } from './bounds.js';
import { RoomEvents } from './room-events.js';
import { RoomNews } from './room-news.js';
import { expect, RoomWriter } from './room-writer.js';

/** Somebody who goes from a room. */
export interface Leaving {
  /** As it was when this was decided. */
  readonly room: Room;
  readonly person: Person;
  readonly how: PartHow;
  /** Who removes the person; null: nobody. */
  readonly by: Person | null;
  readonly reason?: string | null;
  readonly ref?: string | null;
  /** What else changes with it, such as a ban. */
  readonly with?: readonly RoomChange[];
}

/**
 * Lets people go from rooms. A removal is always an event, since the log ends for them at its
 * number; whoever leaves a large room alone is a row.
 */
@Injectable()
export class Exits {
  constructor(
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly events: RoomEvents,
    private readonly news: RoomNews,
    private readonly clock: Clock,
  ) {}

  /** @throws Stale where the room has changed meanwhile, by rejection */
  async exit(leaving: Leaving): Promise<Moved> {
    const isRow = leaving.how === 'self' && leaving.room.members > EVENTS_UP_TO;
    const receipt = await (isRow ? this.exitAsRow(leaving) : this.exitByEvent(leaving));
    const { person, by } = leaving;
    const room = afterwards(leaving.room);
    const time = this.clock.now();
    this.news.notify({ personId: person.id, what: 'removed', room, by, time });
    return { room, receipt };
  }

  private async exitByEvent(leaving: Leaving): Promise<Receipt> {
    const { room, person: who, how, by, reason = null, ref = null } = leaving;
    const happening = { room, who, changes: this.changes(leaving), ref };
    return this.writer.write(this.events.part(happening, how, by, reason));
  }

  private async exitAsRow(leaving: Leaving): Promise<Receipt> {
    const { room, person } = leaving;
    await this.writer.change(this.changes(leaving));
    this.news.moved(person, afterwards(room), null);
    const membership = await this.store.membership(room.id, person.id);
    return this.events.receiptAt(membership?.left ?? 0);
  }

  private changes({ room, person, with: more = [] }: Leaving): readonly RoomChange[] {
    const time = this.clock.now();
    return [expect(room), { op: 'exit', room: room.id, person: person.id, time }, ...more];
  }
}

function afterwards(room: Room): Room {
  return { ...room, members: room.members - 1, version: room.version + 1 };
}
