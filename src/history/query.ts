import { Injectable, type PipeTransform } from '@nestjs/common';
import type { DirectCursor } from '../chat/conversations/conversation-store.js';
import type { PageRequest } from '../chat/log/event-log.js';
import { refuseOtherForms } from '../http/parameters.js';
import { Refusal } from '../kernel/refusal.js';
import { EXPORT_FORMATS, type ExportFormat } from './export/export-writer.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_CURSOR_LENGTH = 128;
/** A cursor: a time in milliseconds, and the id of an account. */
const DIRECT_CURSOR = /^(\d{1,15})\.([\dA-Z]{26})$/;

/** A query as Express parses it: texts, or lists and objects where a name comes twice. */
type RawQuery = Readonly<Record<string, unknown>>;

export interface ListRequest {
  readonly limit: number;
  readonly after?: string;
}

export interface DirectsRequest {
  readonly limit: number;
  readonly after?: DirectCursor;
}

/** `before` or `after`, and `limit`: 50 by default, 1 to 200. */
@Injectable()
export class PageQuery implements PipeTransform<RawQuery, PageRequest> {
  transform(query: RawQuery): PageRequest {
    refuseOtherForms(Object.keys(query), ['limit', 'before', 'after']);
    const limit = limitOf(query);
    if (query['before'] !== undefined && query['after'] !== undefined) {
      throw new Refusal('invalid-field', { field: 'before' });
    }
    if (query['before'] !== undefined) return { before: whole(query, 'before', 1), limit };
    if (query['after'] !== undefined) return { after: whole(query, 'after', 0), limit };
    return { limit };
  }
}

/** `limit`, and `after`: the `next` of the previous page. */
@Injectable()
export class ListQuery implements PipeTransform<RawQuery, ListRequest> {
  transform(query: RawQuery): ListRequest {
    refuseOtherForms(Object.keys(query), ['limit', 'after']);
    const limit = limitOf(query);
    const after = query['after'];
    if (after === undefined) return { limit };
    if (typeof after !== 'string' || after === '' || after.length > MAX_CURSOR_LENGTH) {
      throw new Refusal('invalid-field', { field: 'after' });
    }
    return { limit, after };
  }
}

/** `limit`, and `after`: the `next` of the previous page of private conversations. */
@Injectable()
export class DirectsQuery implements PipeTransform<RawQuery, DirectsRequest> {
  private readonly list = new ListQuery();

  transform(query: RawQuery): DirectsRequest {
    const { limit, after } = this.list.transform(query);
    if (after === undefined) return { limit };
    const [, time, peerId] = DIRECT_CURSOR.exec(after) ?? [];
    if (time === undefined || peerId === undefined) {
      throw new Refusal('invalid-field', { field: 'after' });
    }
    return { limit, after: { time: Number(time), peerId } };
  }
}

/** The `next` of a page of private conversations: a cursor to its last one. */
export function directsNext({ time, peerId }: DirectCursor): string {
  return `${time}.${peerId}`;
}

/** `format`: ndjson unless given. */
@Injectable()
export class FormatQuery implements PipeTransform<RawQuery, ExportFormat> {
  transform(query: RawQuery): ExportFormat {
    refuseOtherForms(Object.keys(query), ['format']);
    const given = query['format'] ?? 'ndjson';
    const format = EXPORT_FORMATS.find((one) => one === given);
    if (format === undefined) throw new Refusal('invalid-field', { field: 'format' });
    return format;
  }
}

function limitOf(query: RawQuery): number {
  return query['limit'] === undefined ? DEFAULT_LIMIT : whole(query, 'limit', 1, MAX_LIMIT);
}

/** Digits only: `Number` also accepts an empty text, blanks, 0x10 and 1e9. */
function whole(
  query: RawQuery,
  field: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const given = query[field];
  const value = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Refusal('invalid-field', { field });
}
