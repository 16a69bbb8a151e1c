import { FrameType, type GroupChatFrame, type SingleChatFrame } from '@parley/protocol';
import { parseKey } from '../../chat/conversations/conversation.js';
import type { ChatEvent } from '../../chat/log/event.js';

/** An entry of the log as clients see it. */
export function toFrame(event: ChatEvent): GroupChatFrame | SingleChatFrame {
  const { author, text, id, seq, time, to } = event;
  const user = { id: author.id, username: author.username };
  if (to !== null) {
    return { type: FrameType.SingleChat, user, to: to.username, data: text, id, seq, time };
  }
  const parsed = parseKey(event.conversation);
  const room = parsed.kind === 'room' ? parsed.room : '';
  return { type: FrameType.GroupChat, user, data: text, room, id, seq, time };
}
