const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '"': '"' };
/** Quotation marks that may stand before an address, with those that end it. */
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '‘': '’', '’': '’' };
/** What stands in no address: spaces, marks of order that cannot be seen, `<`, `>`, `\`, `` ` ``. */
const ENDS = /[\s\p{Z}\p{Cc}<>\\`\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\ufeff]/u;
/** Punctuation beyond ASCII belongs to the sentence, and so does what is as wide as a Chinese character. */
const FOREIGN = /(?![\0-\x7f])[\p{P}\uff01-\uff65]/u;
/** Except where it stands within a name: `Schrödinger’s`, `Bose–Einstein`, `ジョン・レノン`. */
const WITHIN = /[’‐‑–·・‧]/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
const CASED = /[\p{Lu}\p{Ll}]/u;
/** Scripts that are written without spaces, or with words that are joined to what they follow. */
export const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const ASCII_WORD = /[a-z0-9]/i;
const RUN_ON = new RegExp(`[a-z0-9](?=${UNSPACED.source})`, 'iu');
/** Punctuation that ends a sentence, not an address. */
const TRAILING = /[.,;:!?*_~']+$/;

export interface AddressEnd {
  readonly end: number;
  /** How far the text was looked at: no space comes before. */
  readonly scanned: number;
}

/**
 * Where the address ends that begins at `start`: before a space, before the end of the sentence or
 * of the brackets or quotation marks around it. Brackets that both open and close in it are its own.
 * @param from where to begin looking, after the scheme
 */
export function addressEnd(text: string, start: number, from: number): AddressEnd {
  const quote = QUOTES[text[start - 1] ?? ''];
  const open: { readonly closer: string; readonly at: number }[] = [];
  let before = text[from - 1] ?? '';
  let at = from;
  while (at < text.length) {
    const character = characterAt(text, at);
    const next = characterAt(text, at + character.length);
    if (isOver(character, before, next, quote)) break;
    if (open.at(-1)?.closer === character) open.pop();
    else if (character in CLOSES) open.push({ closer: CLOSES[character] ?? '', at });
    else if (character === ')' || character === ']' || character === '}') break;
    before = character;
    at += character.length;
  }
  return { end: trimmed(text, from, open[0]?.at ?? at), scanned: at };
}

/** Where the run of letters of one kind ends: where a sentence goes on after a host, unspaced. */
export function withoutSentence(host: string): string {
  const end = host.search(RUN_ON);
  return end < 0 ? host : host.slice(0, end + 1);
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function isOver(
  character: string,
  before: string,
  next: string,
  quote: string | undefined,
): boolean {
  if (ENDS.test(character)) return true;
  if (character === quote) return !isApostrophe(character, before, next);
  if (UNSPACED.test(character)) return ASCII_WORD.test(before);
  if (!FOREIGN.test(character)) return false;
  if (character === '’') return !isApostrophe(character, before, next);
  return !(WITHIN.test(character) && LETTER.test(before) && LETTER.test(next));
}

function isApostrophe(character: string, before: string, next: string): boolean {
  return character !== '"' && CASED.test(before) && CASED.test(next);
}

/** Without what ends the sentence. A pair of apostrophes is the address's own, as in `?q='a'`. */
function trimmed(text: string, from: number, end: number): number {
  const address = text.slice(from, end);
  const rest = address.replace(TRAILING, '');
  const isQuoted = address.startsWith("'", rest.length) && (rest.split("'").length - 1) % 2 === 1;
  return from + rest.length + (isQuoted ? 1 : 0);
}
