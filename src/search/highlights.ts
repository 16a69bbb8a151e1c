import type { SearchTerm } from './query-parser.js';
import { type Token, tokenize } from './tokenizer.js';

/** `[start, end)` in code points. */
export type Range = readonly [start: number, end: number];

/** Of one message. */
const MAX_RANGES = 100;

/**
 * Whether a message is what was looked for, and where its text says so.
 * @param fileNames the names of its files, by which it is found as well
 * @returns the places of all terms in the text, in order, none touching another; null where it is not
 */
export function highlightsOf(
  text: string,
  terms: readonly SearchTerm[],
  fileNames: readonly string[] = [],
): readonly Range[] | null {
  const tokens = tokenize(text);
  const names = fileNames.map(tokenize);
  const ranges: Range[] = [];
  for (const term of terms) {
    const places = placesOf(term, tokens);
    const isThere = places.length > 0 || names.some((name) => placesOf(term, name).length > 0);
    if (isThere === term.isExcluded) return null;
    ranges.push(...places);
  }
  return merge(ranges).slice(0, MAX_RANGES);
}

function placesOf({ tokens: wanted, isOpen }: SearchTerm, tokens: readonly Token[]): Range[] {
  const places: Range[] = [];
  const last = wanted.length - 1;
  for (let at = 0; at + last < tokens.length; at++) {
    const isHere = wanted.every(({ text }, index) => {
      const found = tokens[at + index];
      if (found === undefined) return false;
      return isOpen && index === last ? isBegun(found, text) : found.text === text;
    });
    const [first, end] = [tokens[at], tokens[at + last]];
    if (!isHere || first === undefined || end === undefined) continue;
    places.push([first.start, isOpen ? end.firstEnd : end.end]);
  }
  return places;
}

/** Whether a piece of a run begins with a character. */
function isBegun({ kind, text }: Token, character: string): boolean {
  return kind !== 'word' && text.startsWith(character);
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
