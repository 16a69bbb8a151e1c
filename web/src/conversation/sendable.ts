/** What other programs write at the end of a line or page, and what Unicode calls a line end. */
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** What the service takes from nobody: control characters, tab and line feed aside. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
/** Half a character, as of an emoji that was cut in two. */
const HALVES = /\p{Surrogate}/gu;
/** Anything that can be seen by itself; the service asks for it, too, and knows a few more blanks. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u;

/** A text without what cannot be sent; its lines end as they do here. */
export function sendable(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(CONTROLS, '').replace(HALVES, '');
}

/** Whether somebody would see nothing. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}
