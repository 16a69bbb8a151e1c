/** Marks, Jamo and half-width sound marks that NFKC joins to the character before, and what is invisible. */
const ATTACHED = /^[\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\uff9e\uff9f]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]/gu;
const MARK = /^\p{M}/u;
const WORD = /^[\p{L}\p{N}]/u;
const RUN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc]/u;

/** What a character is, as bits. */
const Is = { known: 1, attached: 2, mark: 4, word: 8, run: 16 } as const;

/**
 * What the characters of the first plane are that were met; 0: not known yet. To ask the patterns each
 * time would take five times as long.
 */
const kinds = new Uint8Array(0x10000);

/** Characters of which it is known what they fold to. */
const MOST_FOLDED = 4_096;
const folded = new Map<string, string>();

/**
 * A character with everything that is attached to it. Each is normalised by itself, so that its place in
 * the text is known.
 */
export function clusterAt(text: string, index: number): string {
  let end = index + lengthAt(text, index);
  while (end < text.length && isAt(text, end, Is.attached)) end += lengthAt(text, end);
  return text.slice(index, end);
}

/** A mark that stands on another character. */
export function isMark(character: string): boolean {
  return isAt(character, 0, Is.mark);
}

/** Of Han, Kana or Hangul, which are written without blanks between words. */
export function isOfRun(character: string): boolean {
  return isAt(character, 0, Is.run);
}

/** A letter or a digit of any script. */
export function isOfWord(character: string): boolean {
  return isAt(character, 0, Is.word);
}

/** Whether a character that is {@link isPlain} stands there, or the text ends. */
export function isPlainAt(text: string, index: number): boolean {
  return index >= text.length || isPlain(text.charCodeAt(index));
}

/** ASCII, or an ideograph of the first plane: folded by itself, and attached to nothing. */
export function isPlain(code: number): boolean {
  return code < 0x80 || isIdeograph(code);
}

function isIdeograph(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

/** How many characters a text has, where one outside the first plane counts once. */
export function codePointsOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** Without case, in one of the forms that it has, and without what is invisible. */
export function fold(cluster: string): string {
  if (cluster.length > 1) return foldAnew(cluster);
  const known = folded.get(cluster);
  if (known !== undefined) return known;
  if (folded.size >= MOST_FOLDED) folded.clear();
  const text = foldAnew(cluster);
  folded.set(cluster, text);
  return text;
}

/** Upper case first: it makes of `ß` what it makes of `ss`, and of both sigmas one. */
function foldAnew(cluster: string): string {
  const plain = cluster.replace(INVISIBLE, '').normalize('NFKC');
  return plain.toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
}

function lengthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

function isAt(text: string, index: number, kind: number): boolean {
  const code = text.codePointAt(index) ?? 0;
  if (code > 0xffff) return (kindOf(code) & kind) !== 0;
  kinds[code] ||= kindOf(code);
  return ((kinds[code] ?? 0) & kind) !== 0;
}

function kindOf(code: number): number {
  const character = String.fromCodePoint(code);
  const isWord = WORD.test(character);
  return (
    Is.known |
    (ATTACHED.test(character) ? Is.attached : 0) |
    (MARK.test(character) ? Is.mark : 0) |
    (isWord ? Is.word : 0) |
    (isWord && RUN.test(character) ? Is.run : 0)
  );
}
