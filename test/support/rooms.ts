import type { INestApplication } from '@nestjs/common';
import { type ConversationKey, roomKey } from '../../src/chat/conversations/key.js';
import type { HistoryRule, Role } from '../../src/chat/conversations/room.js';
import type { RoomChange, RoomName } from '../../src/chat/conversations/room-change.js';
import { RoomStore } from '../../src/chat/conversations/room-store.js';
import { type Draft, NO_ORIGIN, type Written } from '../../src/chat/log/event.js';
import { Journal } from '../../src/chat/log/journal.js';
import { newJoin } from '../../src/chat/messages/kinds/join.js';
import type { NewBody } from '../../src/chat/messages/kinds/kind.js';
import { newMemberRole } from '../../src/chat/messages/kinds/member.js';
import { newMessage } from '../../src/chat/messages/kinds/message.js';
import { newPart } from '../../src/chat/messages/kinds/part.js';
import { newRoomState } from '../../src/chat/messages/kinds/room.js';
import { UlidFactory } from '../../src/kernel/ids.js';
import type { Person } from '../../src/kernel/person.js';

const ids = new UlidFactory();

/** A room, and what happens in it, written by one node without asking who may do so. */
export class HandRoom {
  readonly id = ids.next(Date.now());
  readonly key: ConversationKey = roomKey(this.id);

  private constructor(
    private readonly app: INestApplication,
    public name: string,
    private readonly history: HistoryRule,
  ) {}

  /** @param owner the first who joins, at number 1 */
  static async make(
    { app }: { readonly app: INestApplication },
    name: string,
    owner: Person,
    history: HistoryRule = 'all',
  ): Promise<HandRoom> {
    const room = new HandRoom(app, name, history);
    await room.store.change([
      {
        ...({ op: 'make', room: room.id, name: nameOf(name), title: null, topic: null } as const),
        ...({ kind: 'public', history, rights: {}, by: owner.id, ref: null } as const),
        time: Date.now(),
      },
    ]);
    await room.join(owner, 'owner');
    return room;
  }

  /** The same room, whose later events another node writes. */
  at({ app }: { readonly app: INestApplication }): HandRoom {
    return Object.assign(new HandRoom(app, this.name, this.history), {
      id: this.id,
      key: this.key,
    });
  }

  join(person: Person, role: Role = 'member'): Promise<Written> {
    const body = newJoin({ how: 'self', by: null, text: 'joined', role });
    return this.write(person, body, [this.entry(person, role)]);
  }

  part(person: Person, by: Person | null = null): Promise<Written> {
    const how = by === null ? 'self' : 'kicked';
    const body = newPart({ how, by, reason: null, text: 'went' });
    return this.write(person, body, [this.exit(person)]);
  }

  /** In a large room nobody is told. */
  joinUntold(person: Person): Promise<boolean> {
    return this.store.change([this.entry(person, 'member')]);
  }

  partUntold(person: Person): Promise<boolean> {
    return this.store.change([this.exit(person)]);
  }

  say(person: Person, text: string): Promise<Written> {
    return this.write(person, newMessage(text, 4_096));
  }

  giveRole(by: Person, member: Person, role: Role): Promise<Written> {
    const change: RoomChange = { op: 'set-role', room: this.id, person: member.id, role };
    return this.write(by, newMemberRole({ member, role }), [change]);
  }

  rename(by: Person, name: string): Promise<Written> {
    this.name = name;
    const { history } = this;
    const body = newRoomState({
      ...({ name, title: null, topic: null, kind: 'public', history } as const),
      ...{ rights: {}, archivedAt: null },
    });
    const time = Date.now();
    const change = { room: this.id, name: nameOf(name), aliasUntil: time + 1e9, time };
    return this.write(by, body, [{ op: 'rename', ...change }]);
  }

  private get store(): RoomStore {
    return this.app.get(RoomStore, { strict: false });
  }

  private entry({ id }: Person, role: Role): RoomChange {
    return { op: 'enter', room: this.id, person: id, role, time: Date.now() };
  }

  private exit({ id }: Person): RoomChange {
    return { op: 'exit', room: this.id, person: id, time: Date.now() };
  }

  private write(
    { id, username }: Person,
    body: NewBody,
    changes: readonly RoomChange[] = [],
  ): Promise<Written> {
    const time = Date.now();
    const draft: Draft = {
      ...body,
      ...{ conversation: this.key, id: ids.next(time), time, author: { id, username } },
      ...{ to: null, ref: null, changes },
    };
    return this.app.get(Journal).write(draft, NO_ORIGIN);
  }
}

function nameOf(name: string): RoomName {
  return { displayed: name, canonical: name, skeleton: name };
}
