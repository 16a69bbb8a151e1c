import { Refusal } from '../../../kernel/refusal.js';
import type { ChatEvent } from '../../log/event.js';
import type { MessageChange } from '../../log/message-change.js';
import { UNTOUCHED } from '../../log/message-state.js';
import { bodyOf } from '../kinds/kinds.js';
import { withText } from '../kinds/message.js';

/** Edits of one message. */
export const MOST_EDITS = 100;

/** What an author wants a message to say. */
export interface WantedEdit {
  readonly text: string;
  /** The number of the last edit, or of the message, that the author has seen; null: any. */
  readonly seen: number | null;
}

/** The bounds of editing at a moment. */
export interface EditTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** For how long after it was said; 0: for ever. */
  readonly windowMs: number;
}

/**
 * Decides about an edit of a message that is there.
 * @returns what it changes; null where the message says so already
 * @throws Refusal `not-author`, `too-late`, `edit-conflict` or `limit-reached`
 */
export function decideEdit(
  message: ChatEvent,
  editorId: string,
  { text, seen }: WantedEdit,
  { now, windowMs }: EditTime,
): readonly MessageChange[] | null {
  const { conversation, seq, author, time, kind, target, body, state = UNTOUCHED } = message;
  if (author.id !== editorId) throw new Refusal('not-author', { field: 'target' });
  if (windowMs > 0 && now - time > windowMs) throw new Refusal('too-late', { field: 'target' });
  if (seen !== null && seen !== (state.edited?.seq ?? seq)) {
    throw new Refusal('edit-conflict', { field: 'if' });
  }
  const said = bodyOf(message);
  if (said?.kind === 'message' && said.text === text) return null;
  if (state.edits >= MOST_EDITS) throw new Refusal('limit-reached', { limit: MOST_EDITS });
  const ref = { conversation, seq };
  return [
    { op: 'expect-message', ...ref, version: state.version },
    {
      op: 'edit-message',
      ...ref,
      was: { kind, target, body },
      body: withText(message, text),
      time: now,
    },
  ];
}
