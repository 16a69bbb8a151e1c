import { type Conversation, type Room, RoomCalls } from '@parley/client';
import type { Chat } from '../chat/chat.js';

/** Calls for rooms, as the person who is logged in. @throws SessionOver, RestError */
export function ask<Answer>(
  chat: Chat,
  call: (calls: RoomCalls) => Promise<Answer>,
): Promise<Answer> {
  return chat.ask((rest, token) => call(new RoomCalls(rest, token)));
}

/** Enters a room and shows it. @throws SessionOver, RestError */
export async function enter(chat: Chat, room: Conversation): Promise<void> {
  const arrival = await ask(chat, (calls) => calls.join(room));
  await open(chat, arrival.room);
}

/** Shows a room that the person has come into. */
export async function open(chat: Chat, { name }: Room): Promise<void> {
  await chat.listRooms();
  chat.show(name);
}
