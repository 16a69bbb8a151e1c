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

const PAGE = 256;
/** Whether each code point is visible, 256 at a time, once one of them has been asked for. */
const pages: Uint8Array[] = [];

/**
 * Whether something of a text is visible. One look per code point, in a table: what V8 makes of the
 * expression for a whole text takes five times as long in a process with much compiled code.
 */
export function showsAnything(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    if (pageOf(code)[code % PAGE] === 1) return true;
    if (code > 0xffff) at++;
  }
  return false;
}

function pageOf(code: number): Uint8Array {
  const number = Math.floor(code / PAGE);
  return (pages[number] ??= Uint8Array.from({ length: PAGE }, (_, at) =>
    VISIBLE.test(String.fromCodePoint(number * PAGE + at)) ? 1 : 0,
  ));
}
