import { conversationOf, isInThreadOnly, type PresentFrame } from '@parley/client';
import type { Chat } from '../chat/chat.js';

/** Shows a message where it was said: in its conversation, or in the thread where it stands alone. */
export function showFrame(chat: Chat, frame: PresentFrame): void {
  const conversation = conversationOf(frame, chat.self.username);
  const root = typeof frame.thread === 'number' && isInThreadOnly(frame) ? frame.thread : null;
  chat.showMessage(conversation, root ?? frame.seq);
  if (root !== null) chat.acts.thread.value = root;
}
