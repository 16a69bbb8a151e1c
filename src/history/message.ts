import type { ChatEvent, StoredBody } from '../chat/log/event.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import type { MessageBody } from '../chat/messages/kinds/message.js';

/** A message as pages and exports show it. */
export type Message = Omit<ChatEvent, keyof StoredBody> & MessageBody;

/** The messages among some events. Events of other kinds are skipped, known or not. */
export function messagesOf(events: readonly ChatEvent[]): readonly Message[] {
  return events.flatMap((event) => {
    const body = bodyOf(event);
    return body?.kind === 'message' ? [{ ...event, ...body }] : [];
  });
}
