import { Refusal } from '../../../kernel/refusal.js';
import type { ChatEvent } from '../../log/event.js';
import { bodyOf } from '../kinds/kinds.js';
import { targetMessage } from './target-message.js';

/**
 * A message that begins a thread, or may: it is there, and in no thread itself.
 * @param from the first number that the person may see
 * @param field the field of the request that names it
 * @throws Refusal as {@link targetMessage}; `invalid-field` for one that is said in a thread
 */
export function threadRoot(event: ChatEvent | undefined, from: number, field: string): ChatEvent {
  const message = targetMessage(event, from, field);
  const body = bodyOf(message);
  if (body?.kind !== 'message' || body.thread !== undefined) {
    throw new Refusal('invalid-field', { field });
  }
  return message;
}
