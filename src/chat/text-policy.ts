import { Refusal } from '../kernel/refusal.js';

/** Tab and line feed are text; every other control character, and half a character, is not. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]|\p{Surrogate}/u;

/**
 * Whether a text may be said.
 * @param limit code points
 * @throws Refusal `text-too-long` or `invalid-field`
 */
export function checkText(text: string, limit: number): void {
  if (text.length > limit && (text.length > 2 * limit || countCodePoints(text) > limit)) {
    throw new Refusal('text-too-long', { field: 'data' });
  }
  if (FORBIDDEN.test(text) || text.trim() === '') {
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
