import type { ChatEvent, StoredBody } from '../chat/log/event.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import type { MessageBody } from '../chat/messages/kinds/message.js';

/** A message as pages and exports show it. */
export type Message = Omit<ChatEvent, keyof StoredBody> & MessageBody;

/** The messages among some events. Events of other kinds are skipped, known or not. */
export function messagesOf(events: readonly ChatEvent[]): readonly Message[] {
  const messages: Message[] = [];
  for (const event of events) {
    const body = bodyOf(event);
    if (body?.kind !== 'message') continue;
    // Field by field: objects made by spreading outlive their page, and cost an export 80 MB.
    const { conversation, seq, n, id, time, author, to } = event;
    messages.push({ conversation, seq, n, id, time, author, to, kind: 'message', text: body.text });
  }
  return messages;
}
