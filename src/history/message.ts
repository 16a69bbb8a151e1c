import type { ChatEvent, StoredBody } from '../chat/log/event.js';
import type { ReactionCount } from '../chat/log/message-store.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import type { MessageBody } from '../chat/messages/kinds/message.js';

/** A message as pages and exports show it. */
export interface Message extends Omit<ChatEvent, keyof StoredBody> {
  /** The name that its room has now; empty in private. */
  readonly room: string;
  readonly body: MessageBody;
  /** Of a page; exports leave them out. */
  readonly reactions?: readonly ReactionCount[];
}

/**
 * The messages among some events. Events of other kinds are skipped, known or not.
 * @param room the name that their room has now; empty in private
 */
export function messagesOf(events: readonly ChatEvent[], room: string): readonly Message[] {
  const messages: Message[] = [];
  for (const event of events) {
    const body = bodyOf(event);
    if (body?.kind !== 'message') continue;
    // Field by field: objects made by spreading outlive their page, and cost an export 80 MB.
    const { conversation, seq, n, id, time, author, to, state } = event;
    messages.push({ conversation, room, seq, n, id, time, author, to, state, body });
  }
  return messages;
}

/** The names of its files; none where it was deleted. */
export function fileNamesOf({ body, state }: Message): readonly string[] {
  return state?.deleted ? [] : (body.attachments ?? []).map(({ name }) => name);
}

/** What a message says now: nothing where it was deleted. */
export function textOf({ body, state }: Message): string {
  return state?.deleted ? '' : body.text;
}
