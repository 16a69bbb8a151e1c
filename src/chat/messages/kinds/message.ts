import { checkText } from '../text-policy.js';
import type { EventKind, NewBody } from './kind.js';

/** Somebody said something. */
export interface MessageBody {
  readonly kind: 'message';
  readonly text: string;
}

/** The body is the text itself; each message counts as unread. */
export const messageKind = {
  kind: 'message',
  read: ({ body }): MessageBody => ({ kind: 'message', text: body }),
  fields: ({ text }: MessageBody): { readonly data: string } => ({ data: text }),
} satisfies EventKind<MessageBody>;

/**
 * A message to be stored.
 * @param limit code points
 * @throws Refusal as {@link checkText}
 */
export function newMessage(text: string, limit: number): NewBody {
  checkText(text, limit);
  return { kind: messageKind.kind, target: null, body: text, counts: true };
}
