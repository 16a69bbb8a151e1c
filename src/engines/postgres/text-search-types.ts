import type { IndexTerms } from '../../search/index-terms.js';
import type { Phrase, TermQuery } from '../../search/search-index.js';

/** A `tsvector` in its text form. PostgreSQL gives equal terms one entry with all of their positions. */
export function vectorOf({ unplaced, placed }: IndexTerms): string {
  const entries = unplaced.map(quoted);
  placed.forEach((term, index) => entries.push(`${quoted(term)}:${index + 1}`));
  return entries.join(' ');
}

/** A `tsquery` in its text form. */
export function queryOf({ any, all, none }: TermQuery): string {
  const excluded = none.map((one) => `!(${phrase(one)})`);
  return [`(${any.map(quoted).join('|')})`, ...all.map(phrase), ...excluded].join('&');
}

function phrase(terms: Phrase): string {
  return `(${terms.map(quoted).join('<->')})`;
}

/** Terms consist of letters, digits and `_`: in quotation marks none of them means anything. */
function quoted(term: string): string {
  return `'${term.replaceAll(/['\\]/g, '')}'`;
}
