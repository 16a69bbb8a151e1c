import { type ConversationKey, roomKey } from '../../../src/chat/conversations/key.js';
import type { Role } from '../../../src/chat/conversations/room.js';
import type { RoomChange } from '../../../src/chat/conversations/room-change.js';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import type { RunningApp } from '../../support/app.js';
import type { Tokens } from '../../support/people.js';

const ids = new UlidFactory();

export interface TestRoom {
  readonly name: string;
  readonly key: ConversationKey;
}

/** A room with these people, made in the store. */
export async function makeRoom(
  { app }: RunningApp,
  name: string,
  members: readonly (readonly [Tokens, Role])[],
  history: 'all' | 'joined' = 'all',
): Promise<TestRoom> {
  const room = ids.next(Date.now());
  const time = Date.now();
  const by = members[0]?.[0].user.id ?? '';
  const made: RoomChange = {
    ...{ op: 'make', room, name: { displayed: name, canonical: name, skeleton: name }, time, by },
    ...{ title: null, topic: null, kind: 'private', history, rights: {}, ref: null },
  };
  await app.get(RoomStore, { strict: false }).change([made]);
  const key = roomKey(room);
  for (const [tokens, role] of members) await enterRoom({ app }, { name, key }, tokens, role);
  return { name, key };
}

/** At the head of its log. */
export async function enterRoom(
  { app }: Pick<RunningApp, 'app'>,
  { key }: TestRoom,
  { user }: Tokens,
  role: Role = 'member',
): Promise<void> {
  const enter = { op: 'enter', person: user.id, role, time: Date.now() } as const;
  const store = app.get(RoomStore, { strict: false });
  await store.change([{ ...enter, room: key.slice('room:'.length) }]);
}

/** Says something there. @returns its number */
export async function sayThere(
  { app }: RunningApp,
  { key }: TestRoom,
  { user }: Tokens,
  text: string,
): Promise<number> {
  const time = Date.now();
  const [appended] = await app.get(EventLog, { strict: false }).append([
    {
      ...{ conversation: key, id: ids.next(time), time, author: user, to: null },
      ...{ kind: 'message', target: null, body: text, counts: true, ref: null },
    },
  ]);
  return appended !== undefined && 'receipt' in appended ? appended.receipt.seq : 0;
}
