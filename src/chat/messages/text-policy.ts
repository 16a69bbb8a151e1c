import { Refusal } from '../../kernel/refusal.js';
import { showsAnything } from './visible-text.js';

/**
 * Tab and line feed are text; all other control characters, ASCII's (C0) or beyond it (C1, among
 * them an eight-bit escape that terminals obey), and lone surrogates are not.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/**
 * Checks that a text may be sent.
 * @param limit code points
 * @param field the field of the request that has the text
 * @throws Refusal `text-too-long`; `invalid-field` for a forbidden character, or where nothing of
 *   the text is visible
 */
export function checkText(text: string, limit: number, field = 'data'): void {
  if (text.length > limit && (text.length > 2 * limit || countCodePoints(text) > limit)) {
    throw new Refusal('text-too-long', { field });
  }
  if (FORBIDDEN.test(text) || !showsAnything(text)) {
    throw new Refusal('invalid-field', { field });
  }
}

function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}
