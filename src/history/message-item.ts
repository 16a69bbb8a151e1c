import { parseKey } from '../chat/conversations/key.js';
import { messageKind } from '../chat/messages/kinds/message.js';
import type { Person } from '../kernel/person.js';
import type { Message } from './message.js';

/** A message in history: field for field the frame that the socket delivers. */
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
  /** The recipient's name. */
  readonly to: string;
  readonly data: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

export function messageItem(message: Message): MessageItem {
  const { id, seq, time, author, to } = message;
  const { data } = messageKind.fields(message);
  const user = { id: author.id, username: author.username };
  if (to !== null) return { type: 3, user, to: to.username, data, id, seq, time };
  return { type: 2, user, data, room: roomOf(message), id, seq, time };
}

function roomOf({ conversation }: Message): string {
  const parsed = parseKey(conversation);
  if (parsed.kind !== 'room') throw new Error('a direct message without a recipient');
  return parsed.room;
}
