import { Injectable, type PipeTransform } from '@nestjs/common';
import { type RawQuery, refuseOtherForms, whole } from '../http/parameters.js';
import { Refusal } from '../kernel/refusal.js';
import { type Content, CONTENTS } from './index-terms.js';
import { parseQuery, type SearchTerm } from './query-parser.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 50;
const MAX_NAME = 128;
const MAX_CURSOR = 64;

const PARAMETERS = [
  ...(['q', 'room', 'with', 'from', 'after', 'before', 'has', 'limit', 'cursor'] as const),
];

/** What somebody looks for, and where. */
export interface SearchRequest {
  readonly terms: readonly SearchTerm[];
  /** A room's name; not together with `with`. */
  readonly room: string | null;
  /** The name of the other person of a private conversation. */
  readonly with: string | null;
  /** The author's name. */
  readonly from: string | null;
  readonly after: number | null;
  readonly before: number | null;
  readonly has: Content | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** `q`, and what narrows it. @throws Refusal `invalid-field` */
@Injectable()
export class SearchQuery implements PipeTransform<RawQuery, SearchRequest> {
  transform(query: RawQuery): SearchRequest {
    refuseOtherForms(Object.keys(query), PARAMETERS);
    const [room, other] = [textOf(query, 'room', MAX_NAME), textOf(query, 'with', MAX_NAME)];
    if (room !== null && other !== null) throw new Refusal('invalid-field', { field: 'with' });
    return {
      terms: parseQuery(textOf(query, 'q', Number.MAX_SAFE_INTEGER) ?? ''),
      room,
      with: other,
      from: textOf(query, 'from', MAX_NAME),
      after: timeOf(query, 'after'),
      before: timeOf(query, 'before'),
      has: contentOf(query),
      limit: query['limit'] === undefined ? DEFAULT_LIMIT : whole(query, 'limit', 1, MAX_LIMIT),
      cursor: textOf(query, 'cursor', MAX_CURSOR),
    };
  }
}

function textOf(query: RawQuery, field: string, most: number): string | null {
  const given = query[field];
  if (given === undefined) return null;
  if (typeof given === 'string' && given !== '' && given.length <= most) return given;
  throw new Refusal('invalid-field', { field });
}

function timeOf(query: RawQuery, field: string): number | null {
  return query[field] === undefined ? null : whole(query, field, 0);
}

function contentOf(query: RawQuery): Content | null {
  const given = query['has'];
  if (given === undefined) return null;
  const content = CONTENTS.find((one) => one === given);
  if (content === undefined) throw new Refusal('invalid-field', { field: 'has' });
  return content;
}
