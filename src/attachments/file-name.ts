/** Code points. */
const LONGEST = 255;
/** What is left of a name that consists of folders and marks. */
const NAMELESS = 'file';
/** What ends a line, turns the direction of reading, or is no character at all. */
const UNSHOWN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu;

/**
 * A file's name as others see it: without the folders that it came from, and nothing that would let it
 * pass for another one. It is a text, and never becomes a path here.
 */
export function fileNameOf(given: string): string {
  const last = given.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
  const plain = last.normalize('NFC').replace(UNSHOWN, '').trim();
  const bare = plain.replace(/^\.+/, '').trim();
  return bare === '' ? NAMELESS : Array.from(bare).slice(0, LONGEST).join('');
}
