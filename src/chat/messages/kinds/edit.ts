import type { MessageState } from '../../log/message-state.js';
import { checkText } from '../text-policy.js';
import type { EventKind, NewBody } from './kind.js';

/** The author of a message gave it another text. */
export interface EditBody {
  readonly kind: 'edit';
  readonly target: number;
  /** All of it. */
  readonly text: string;
}

/** The body is the text; it is emptied with the message. */
export const editKind = {
  kind: 'edit',
  read: ({ target, body }): EditBody => ({ kind: 'edit', target: target ?? 0, text: body }),
  fields: ({ target, text }: EditBody, state?: MessageState) => ({
    target,
    ...(state?.deleted ? { data: '', deleted: state.deleted } : { data: text }),
  }),
} satisfies EventKind<EditBody>;

/**
 * @param limit code points
 * @throws Refusal as {@link checkText}
 */
export function newEdit(target: number, text: string, limit: number): NewBody {
  checkText(text, limit);
  return { kind: editKind.kind, target, body: text, counts: false };
}
