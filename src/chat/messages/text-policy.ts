import { Refusal } from '../../kernel/refusal.js';

/**
 * Tab and line feed are text; all other control characters, ASCII's (C0) or beyond it (C1, among
 * them an eight-bit escape that terminals obey), and lone surrogates are not.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/**
 * A code point that shows something by itself. What only changes, joins, separates or directs
 * others (marks, joiners, variation selectors, tags, direction marks, fillers) does not, nor do a
 * few that are letters or symbols by name and blank by design: the Braille pattern without a dot,
 * the object replacement, a musical null notehead, two Egyptian blanks. The signs listed first
 * count as format characters, but are drawn around the digits that follow.
 *
 * Code points unknown to this runtime's Unicode count as visible: new emoji are.
 */
const VISIBLE =
  /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]|[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/u;

/**
 * Checks that a text may be sent.
 * @param limit code points
 * @throws Refusal `text-too-long`; `invalid-field` for a forbidden character, or where nothing of
 *   the text is visible
 */
export function checkText(text: string, limit: number): void {
  if (text.length > limit && (text.length > 2 * limit || countCodePoints(text) > limit)) {
    throw new Refusal('text-too-long', { field: 'data' });
  }
  if (FORBIDDEN.test(text) || !VISIBLE.test(text)) {
    throw new Refusal('invalid-field', { field: 'data' });
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
