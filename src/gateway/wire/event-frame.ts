import { type EntryFrame, FrameType } from '@parley/protocol';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import type { ChatEvent } from '../../chat/log/event.js';
import { bodyOf } from '../../chat/messages/kinds/kinds.js';
import { messageKind } from '../../chat/messages/kinds/message.js';

/** An entry of the log as clients see it. */
export function toFrame(event: ChatEvent): EntryFrame {
  const { author, id, seq, time, to, conversation } = event;
  const user = { id: author.id, username: author.username };
  const body = bodyOf(event);
  if (body === null) {
    const destination = to === null ? { room: roomOf(conversation) } : { to: to.username };
    return { type: FrameType.Unknown, user, ...destination, id, seq, time };
  }
  const { data } = messageKind.fields(body);
  if (to !== null)
    return { type: FrameType.SingleChat, user, to: to.username, data, id, seq, time };
  return { type: FrameType.GroupChat, user, data, room: roomOf(conversation), id, seq, time };
}

function roomOf(conversation: ConversationKey): string {
  const parsed = parseKey(conversation);
  return parsed.kind === 'room' ? parsed.room : '';
}
