import { Injectable, type PipeTransform } from '@nestjs/common';
import { type Role, ROLES } from '../chat/conversations/room.js';
import { refuseOtherForms } from '../http/parameters.js';
import { Refusal } from '../kernel/refusal.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** UTF-16 units. */
const LONGEST_CURSOR = 512;
const LONGEST_SEARCH = 128;

/** A query as Express parses it: texts, or lists and objects where a name comes twice. */
type RawQuery = Readonly<Record<string, unknown>>;

export interface ListRequest {
  readonly limit: number;
  /** The `next` of the previous page. */
  readonly after?: string;
}

export interface DirectoryRequest extends ListRequest {
  /** As compared; empty: all rooms. */
  readonly q: string;
}

export interface MembersRequest extends ListRequest {
  readonly role?: Role;
}

/** A page of a list: give `next` as `after` for the next one; null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** `limit`, 50 unless given, 1 to 200, and `after`. */
@Injectable()
export class ListQuery implements PipeTransform<RawQuery, ListRequest> {
  transform(query: RawQuery): ListRequest {
    refuseOtherForms(Object.keys(query), ['limit', 'after']);
    return listOf(query);
  }
}

/** The same, and `q`. */
@Injectable()
export class DirectoryQuery implements PipeTransform<RawQuery, DirectoryRequest> {
  transform(query: RawQuery): DirectoryRequest {
    refuseOtherForms(Object.keys(query), ['q', 'limit', 'after']);
    const q = textOf(query, 'q', 0, LONGEST_SEARCH) ?? '';
    return { q: q.normalize('NFKC').toLowerCase().normalize('NFC'), ...listOf(query) };
  }
}

/** The same as for a list, and `role`. */
@Injectable()
export class MembersQuery implements PipeTransform<RawQuery, MembersRequest> {
  transform(query: RawQuery): MembersRequest {
    refuseOtherForms(Object.keys(query), ['role', 'limit', 'after']);
    if (query['role'] === undefined) return listOf(query);
    const role = ROLES.find((one) => one === query['role']);
    if (role === undefined) throw new Refusal('invalid-field', { field: 'role' });
    return { role, ...listOf(query) };
  }
}

/**
 * The name of a person in a path. `@` may stand before it, so that somebody who is called `me` can
 * be named, too.
 */
@Injectable()
export class NameParameter implements PipeTransform<string, string> {
  transform(given: string): string {
    return given.startsWith('@') ? given.slice(1) : given;
  }
}

/** @param found one more than asked for, where there are more */
export function pageOf<Found, Item>(
  found: readonly Found[],
  limit: number,
  item: (one: Found) => Item,
  cursor: (one: Found) => string,
): Page<Item> {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(item), next: last === undefined ? null : cursor(last) };
}

function listOf(query: RawQuery): ListRequest {
  const after = textOf(query, 'after', 1, LONGEST_CURSOR);
  const limit = limitOf(query);
  return after === undefined ? { limit } : { limit, after };
}

function textOf(query: RawQuery, field: string, least: number, most: number): string | undefined {
  const given = query[field];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && given.length >= least && given.length <= most) return given;
  throw new Refusal('invalid-field', { field });
}

/** Digits only: `Number` also accepts an empty text, blanks, 0x10 and 1e9. */
function limitOf(query: RawQuery): number {
  const given = query['limit'];
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = typeof given === 'string' && /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new Refusal('invalid-field', { field: 'limit' });
}
