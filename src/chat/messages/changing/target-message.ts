import { Refusal } from '../../../kernel/refusal.js';
import type { ChatEvent } from '../../log/event.js';
import { isMessage } from '../kinds/message.js';

/**
 * A message about which somebody wants to do something.
 * @param from the first number that the person may see
 * @param field the field of the request that names it
 * @throws Refusal `unknown-message` where there is none, or it is not to be seen; `message-deleted`
 */
export function targetMessage(
  event: ChatEvent | undefined,
  from: number,
  field = 'target',
): ChatEvent {
  if (event === undefined || event.seq < from || !isMessage(event)) {
    throw new Refusal('unknown-message', { field });
  }
  if (event.state?.deleted) throw new Refusal('message-deleted', { field });
  return event;
}
