import type { ChatEvent } from '../chat/log/event.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import type { MessageBody } from '../chat/messages/kinds/message.js';

/** What an event makes of a message's text. */
export interface TextChange {
  /** The message's number. */
  readonly seq: number;
  /** Null: it is deleted. */
  readonly text: string | null;
}

/**
 * What is to be found from this event on. An edit carries the whole text, so that the last event about a
 * message decides, however often they come. A text that is empty was emptied, unless there are files: its message is
 * deleted.
 * @returns one for each message whose text it changes; a deletion may name many numbers, some of which
 *   may be no messages
 */
export function textChangesOf(event: ChatEvent): readonly TextChange[] {
  const body = bodyOf(event);
  const isGone = Boolean(event.state?.deleted);
  switch (body?.kind) {
    case 'message':
      return [{ seq: event.seq, text: isGone || isEmptied(body) ? null : body.text }];
    case 'edit':
      return [{ seq: body.target, text: isGone || body.text === '' ? null : body.text }];
    case 'delete':
      return numbers(body.target, body.high ?? body.target).map((seq) => ({ seq, text: null }));
    default:
      return [];
  }
}

/** Only a message with files can be said without a text, and files go with the text. */
function isEmptied({ text, attachments = [] }: MessageBody): boolean {
  return text === '' && attachments.length === 0;
}

function numbers(low: number, high: number): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}
