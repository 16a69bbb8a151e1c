import { parseKey } from '../chat/conversations/conversation.js';
import type { ChatEvent } from '../chat/log/event.js';
import type { Person } from '../kernel/person.js';

/** A message as history hands it out: field for field the frame that the socket delivers. */
export type MessageItem = RoomMessage | DirectMessage;

interface RoomMessage {
  readonly type: 2;
  readonly user: Person;
  readonly data: string;
  readonly room: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

interface DirectMessage {
  readonly type: 3;
  readonly user: Person;
  /** The name of the one it was written to. */
  readonly to: string;
  readonly data: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

export function messageItem(event: ChatEvent): MessageItem {
  const { id, seq, time, text: data } = event;
  const user = { id: event.author.id, username: event.author.username };
  if (event.to !== null) return { type: 3, user, to: event.to.username, data, id, seq, time };
  return { type: 2, user, data, room: roomOf(event), id, seq, time };
}

function roomOf(event: ChatEvent): string {
  const parsed = parseKey(event.conversation);
  if (parsed.kind !== 'room') throw new Error('a direct message without a recipient');
  return parsed.room;
}
