import { Refusal } from '../kernel/refusal.js';
import { firstOf } from './index-terms.js';
import type { Phrase } from './search-index.js';
import { codePointsOf } from './characters.js';
import { type Token, tokenize } from './tokenizer.js';

const MAX_CODE_POINTS = 200;
const MAX_TERMS = 8;

/** `-`, then a text in quotation marks, or whatever reaches to the next blank or mark. */
const TERM = /(-?)(?:["“”＂]([^"“”＂]*)["“”＂]?|([^\s"“”＂]+))/gu;

/** One term of what a person looks for: tokens that stand next to each other. */
export interface SearchTerm {
  readonly isExcluded: boolean;
  readonly tokens: readonly Token[];
  /** Whether the last of them, a single character, may begin a longer run. */
  readonly isOpen: boolean;
}

/**
 * Reads what a person typed: words joined by AND, `"…"` a phrase, `-x` without. Nothing else means
 * anything, and what has neither letter nor digit is passed by.
 * @throws Refusal `invalid-field` beyond 200 code points or 8 terms, and where nothing is looked for
 */
export function parseQuery(q: string): readonly SearchTerm[] {
  if (q.length > 2 * MAX_CODE_POINTS || codePointsOf(q) > MAX_CODE_POINTS) throw invalid();
  const terms: SearchTerm[] = [];
  for (const [, minus, quoted, plain] of q.matchAll(TERM)) {
    const tokens = searchTokens(tokenize(quoted ?? plain ?? ''));
    if (tokens.length === 0) continue;
    terms.push({ isExcluded: minus === '-', tokens, isOpen: tokens.at(-1)?.kind === 'last' });
  }
  const isSearch = terms.some(({ isExcluded }) => !isExcluded);
  if (!isSearch || terms.length > MAX_TERMS) throw invalid();
  return terms;
}

/**
 * What an index is asked for a term. Where its last character may go on to a pair, the index is asked for
 * the character anywhere: it finds too much then, never too little.
 * @returns nothing where finding too much would exclude too much
 */
export function phrasesOf({ tokens, isOpen, isExcluded }: SearchTerm): readonly Phrase[] {
  const texts = tokens.map(({ text }) => text);
  if (!isOpen) return [texts];
  const phrase = texts.slice(0, -1);
  const character = [firstOf(texts.at(-1) ?? '')];
  if (phrase.length === 0) return [character];
  return isExcluded ? [] : [phrase, character];
}

/** A run at the end of a term may go on in the text: then its last character does not end it. */
function searchTokens(tokens: readonly Token[]): readonly Token[] {
  const [before, last] = tokens.slice(-2);
  return last?.kind === 'last' && before?.kind === 'pair' ? tokens.slice(0, -1) : tokens;
}

function invalid(): Refusal {
  return new Refusal('invalid-field', { field: 'q' });
}
