import {
  clusterAt,
  codePointsOf,
  fold,
  isMark,
  isOfRun,
  isOfWord,
  isPlain,
  isPlainAt,
} from './characters.js';

/**
 * A word, or a piece of a run of Han, Kana or Hangul: `pair`, two neighbouring characters; `last`, the
 * character that ends the run. A run of n characters has n - 1 pairs and a last one, so that each of its
 * characters begins exactly one token.
 */
export interface Token {
  readonly kind: 'word' | 'pair' | 'last';
  /** Folded: NFKC, no case, nothing invisible. */
  readonly text: string;
  /** Where it stands in the text given: `[start, end)` in code points. */
  readonly start: number;
  readonly end: number;
  /** Where the first of its characters ends. */
  readonly firstEnd: number;
}

/** Tokens of one text. The rest of a longer text is not searched: PostgreSQL counts no positions beyond. */
const MAX_TOKENS = 16_383;
/** UTF-16 units of one text's tokens together: what PostgreSQL takes in one vector, at 3 bytes a unit. */
const MAX_UNITS = 150_000;
/** Code points of a word that tell it from others. */
const MAX_WORD = 64;

/** One folded character, and where it came from. */
interface Unit {
  text: string;
  readonly start: number;
  readonly end: number;
}

/** Folded letters and digits that follow each other in a text. */
interface Letters extends Unit {
  /** Code points of `text`. */
  readonly count: number;
  readonly firstEnd: number;
}

/** A word that is being put together: its text has {@link MAX_WORD} code points at the most. */
interface Word {
  text: string;
  count: number;
  readonly start: number;
  readonly firstEnd: number;
  end: number;
}

/**
 * The tokens of a text, in order, each next to the one before: punctuation and blanks leave no gap. The
 * same for what is indexed, what is searched for, and what is highlighted, on every engine.
 */
export function tokenize(text: string): readonly Token[] {
  const sink = new TokenSink();
  let index = 0;
  let at = 0;
  while (index < text.length && !sink.isFull) {
    const plain = addPlain(text, index, at, sink);
    if (plain > 0) {
      index += plain;
      at += plain;
      continue;
    }
    const cluster = clusterAt(text, index);
    const end = at + codePointsOf(cluster);
    for (const character of fold(cluster)) sink.add({ text: character, start: at, end });
    index += cluster.length;
    at = end;
  }
  return sink.finish();
}

/**
 * ASCII and the ideographs of the first plane, of which most texts consist: each is one character, folded
 * by itself, where none follows that may be attached to it.
 *
 * @returns how many characters were added from there on; 0: it has to be looked at more closely
 */
function addPlain(text: string, index: number, at: number, sink: TokenSink): number {
  const code = text.charCodeAt(index);
  if (isLetterOrDigit(code)) {
    let end = index + 1;
    while (isLetterOrDigit(text.charCodeAt(end))) end++;
    // The last one may be followed by what belongs to it.
    if (!isPlainAt(text, end)) end--;
    const count = end - index;
    if (count === 0) return 0;
    const letters = text.slice(index, end).toLowerCase();
    sink.addLetters({ text: letters, count, start: at, firstEnd: at + 1, end: at + count });
    return count;
  }
  if (!isPlain(code) || !isPlainAt(text, index + 1)) return 0;
  if (code < 0x80) sink.endToken();
  else sink.addToRun({ text: text.charAt(index), start: at, end: at + 1 });
  return 1;
}

/** Of ASCII. */
function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a && code < 0x80);
}

/** Puts characters together to tokens. */
class TokenSink {
  private readonly tokens: Token[] = [];
  private word: Word | null = null;
  private previous: Unit | null = null;
  private units = 0;

  get isFull(): boolean {
    return this.tokens.length >= MAX_TOKENS || this.units > MAX_UNITS;
  }

  add(unit: Unit): void {
    if (isMark(unit.text)) this.join(unit);
    else if (isOfRun(unit.text)) this.addToRun(unit);
    else if (isOfWord(unit.text)) this.addLetters(letterOf(unit));
    else this.endToken();
  }

  addToRun(unit: Unit): void {
    this.endWord();
    const { previous } = this;
    if (previous !== null) this.pushRun('pair', previous.text + unit.text, previous, unit);
    this.previous = unit;
  }

  addLetters({ text, count, start, firstEnd, end }: Letters): void {
    this.endRun();
    this.word ??= { text: '', count: 0, start, firstEnd, end };
    const room = MAX_WORD - this.word.count;
    // Several at a time are ASCII: each is one unit.
    if (room > 0) this.word.text += count > room ? text.slice(0, room) : text;
    this.word.count += count;
    this.word.end = end;
  }

  /** Something stands here that is in no token. */
  endToken(): void {
    this.endWord();
    this.endRun();
  }

  finish(): readonly Token[] {
    this.endToken();
    return this.tokens;
  }

  /** A mark belongs to what it stands on; alone it is nothing, and too many are left out. */
  private join(mark: Unit): void {
    const { previous, word } = this;
    if (previous === null) {
      if (word !== null) this.addLetters(letterOf(mark));
    } else if (previous.text.length < MAX_WORD) {
      previous.text += mark.text;
    }
  }

  private endWord(): void {
    const { word } = this;
    this.word = null;
    if (word === null) return;
    const { text, start, end, firstEnd } = word;
    this.push({ kind: 'word', text, start, end, firstEnd });
  }

  private endRun(): void {
    const { previous } = this;
    this.previous = null;
    if (previous !== null) this.pushRun('last', previous.text, previous, previous);
  }

  private pushRun(kind: 'pair' | 'last', text: string, first: Unit, last: Unit): void {
    this.push({ kind, text, start: first.start, end: last.end, firstEnd: first.end });
  }

  private push(token: Token): void {
    if (this.isFull) return;
    this.units += token.text.length;
    this.tokens.push(token);
  }
}

function letterOf({ text, start, end }: Unit): Letters {
  return { text, count: 1, start, firstEnd: end, end };
}
