import type { MessageFrame } from '@parley/protocol';
import type { ReactionCount } from '../chat/log/message-store.js';
import { messageKind } from '../chat/messages/kinds/message.js';
import type { Message } from './message.js';

/**
 * A message in history: field for field the frame that the socket delivers, and the reactions to it.
 */
export type MessageItem = MessageFrame & { readonly reactions?: readonly ReactionCount[] };

export function messageItem(message: Message): MessageItem {
  const { room, id, seq, time, author, to, body, state, reactions } = message;
  const fields = messageKind.fields(body, state);
  const user = { id: author.id, username: author.username };
  const item: MessageItem =
    to === null
      ? { type: 2, user, ...fields, room, id, seq, time }
      : { type: 3, user, to: to.username, ...fields, id, seq, time };
  return reactions === undefined ? item : { ...item, reactions };
}
