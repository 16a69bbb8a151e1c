import type { ChatEvent, StoredBody } from '../chat/log/event.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import type { MessageBody } from '../chat/messages/kinds/message.js';

/** An event that pages and exports show. */
export type Message = Omit<ChatEvent, keyof StoredBody> & MessageBody;

/** The messages among some events. Others fill their numbers and are passed by, known or not. */
export function messagesOf(events: readonly ChatEvent[]): readonly Message[] {
  return events.flatMap((event) => {
    const body = bodyOf(event);
    return body?.kind === 'message' ? [{ ...event, ...body }] : [];
  });
}
