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

/**
 * A character with everything that belongs to it: marks, Jamo and half-width sound marks that NFKC joins
 * to it, and what is invisible. Each is normalised by itself, so that its place in the text is known.
 */
const CLUSTER = /[^](?:[\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\uff9e\uff9f])*/gu;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]/gu;
const MARK = /^\p{M}/u;
const WORD = /^[\p{L}\p{N}]/u;
const RUN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc]/u;

/**
 * The tokens of a text, in order, each next to the one before: punctuation and blanks leave no gap. The
 * same for what is indexed, what is searched for, and what is highlighted, on every engine.
 */
export function tokenize(text: string): readonly Token[] {
  const sink = new TokenSink();
  let at = 0;
  for (const [cluster] of text.matchAll(CLUSTER)) {
    const end = at + codePointsOf(cluster);
    for (const character of fold(cluster)) sink.add({ text: character, start: at, end });
    if (sink.isFull) break;
    at = end;
  }
  return sink.finish();
}

export function codePointsOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** Upper case first: it makes of `ß` what it makes of `ss`, and of both sigmas one. */
function fold(cluster: string): string {
  if (cluster.length === 1) {
    const code = cluster.charCodeAt(0);
    if (code < 0x80) return cluster.toLowerCase();
    if (code >= 0x4e00 && code <= 0x9fff) return cluster;
  }
  const plain = cluster.replace(INVISIBLE, '').normalize('NFKC');
  return plain.toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
}

/** Puts characters together to tokens. */
class TokenSink {
  private readonly tokens: Token[] = [];
  private word: Unit[] = [];
  private previous: Unit | null = null;
  private units = 0;

  get isFull(): boolean {
    return this.tokens.length >= MAX_TOKENS || this.units > MAX_UNITS;
  }

  add(unit: Unit): void {
    if (MARK.test(unit.text)) this.join(unit);
    else if (RUN.test(unit.text) && WORD.test(unit.text)) this.addToRun(unit);
    else if (WORD.test(unit.text)) this.addToWord(unit);
    else this.end();
  }

  finish(): readonly Token[] {
    this.end();
    return this.tokens;
  }

  /** A mark belongs to what it stands on; alone it is nothing, and too many are left out. */
  private join(mark: Unit): void {
    const { previous, word } = this;
    if (previous === null) {
      if (word.length > 0) word.push(mark);
    } else if (previous.text.length < MAX_WORD) {
      previous.text += mark.text;
    }
  }

  private addToRun(unit: Unit): void {
    this.endWord();
    if (this.previous !== null) this.push('pair', [this.previous, unit]);
    this.previous = unit;
  }

  private addToWord(unit: Unit): void {
    this.endRun();
    this.word.push(unit);
  }

  private end(): void {
    this.endWord();
    this.endRun();
  }

  private endWord(): void {
    if (this.word.length > 0) this.push('word', this.word);
    this.word = [];
  }

  private endRun(): void {
    if (this.previous !== null) this.push('last', [this.previous]);
    this.previous = null;
  }

  private push(kind: Token['kind'], units: readonly Unit[]): void {
    const [first] = units;
    const last = units.at(-1);
    if (first === undefined || last === undefined || this.isFull) return;
    const text = units
      .slice(0, MAX_WORD)
      .map((unit) => unit.text)
      .join('');
    this.units += text.length;
    this.tokens.push({ kind, text, start: first.start, end: last.end, firstEnd: first.end });
  }
}
