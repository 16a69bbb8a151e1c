import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { UlidFactory } from '../../kernel/ids.js';
import type { NoticeCode } from '../../kernel/locale/language.js';
import { noticeText } from '../../kernel/locale/texts.js';
import type { Person } from '../../kernel/person.js';
import type { Role, Room } from '../conversations/room.js';
import type { RoomChange } from '../conversations/room-change.js';
import type { Draft, Receipt } from '../log/event.js';
import { type JoinHow, newJoin } from '../messages/kinds/join.js';
import type { NewBody } from '../messages/kinds/kind.js';
import { newMemberRole } from '../messages/kinds/member.js';
import { newPart, type PartHow } from '../messages/kinds/part.js';
import { newRoomState, type RoomDescription } from '../messages/kinds/room.js';

/** Where an event takes place, who it is about, and what changes with it. */
export interface Happening {
  readonly room: Pick<Room, 'key' | 'name'>;
  /** The event's author. */
  readonly who: Person;
  readonly changes: readonly RoomChange[];
  readonly ref?: string | null;
}

const COMES: Readonly<Record<JoinHow, NoticeCode>> = {
  ...{ self: 'joined', invited: 'joined', link: 'joined', added: 'added' },
};
const GOES: Readonly<Record<PartHow, NoticeCode>> = {
  ...{ self: 'parted', kicked: 'kicked', banned: 'banned' },
};

/** Makes the events that tell of rooms, and of who is in them. */
@Injectable()
export class RoomEvents {
  private readonly ids = new UlidFactory();

  constructor(
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** An id for something that is made now. */
  nextId(): string {
    return this.ids.next(this.clock.now());
  }

  /**
   * @param by who invited or added the person
   * @param role what the person is there
   */
  join(happening: Happening, how: JoinHow, by: Person | null, role: Role): Draft {
    const text = this.text(COMES[how], happening.who);
    return this.draft(happening, newJoin({ how, by, text, role }));
  }

  /** @param by who removed the person */
  part(happening: Happening, how: PartHow, by: Person | null, reason: string | null): Draft {
    const text = this.text(GOES[how], happening.who);
    return this.draft(happening, newPart({ how, by, reason, text }));
  }

  member(happening: Happening, member: Person, role: Role): Draft {
    return this.draft(happening, newMemberRole({ member, role }));
  }

  /** The room as it is from then on, and what it was called before, where that is something else. */
  described(happening: Happening, description: RoomDescription): Draft {
    const { name } = happening.room;
    const was = name === description.name ? undefined : name;
    return this.draft(happening, newRoomState(description, was));
  }

  /** What stands for the numbers of an event where somebody came or went without one. */
  receiptAt(seq: number): Receipt {
    const time = this.clock.now();
    return { id: this.ids.next(time), seq, n: 0, time };
  }

  private text(code: NoticeCode, { username }: Person): string {
    return noticeText(this.settings.locale, code, username);
  }

  private draft({ room, who, changes, ref = null }: Happening, body: NewBody): Draft {
    const time = this.clock.now();
    return {
      conversation: room.key,
      id: this.ids.next(time),
      time,
      author: who,
      to: null,
      ...body,
      ref,
      changes,
    };
  }
}
