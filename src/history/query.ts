import { Injectable, type PipeTransform } from '@nestjs/common';
import type { DirectCursor } from '../chat/conversations/conversation-store.js';
import type { PageRequest } from '../chat/log/event-log.js';
import { type RawQuery, refuseOtherForms, whole } from '../http/parameters.js';
import { Refusal } from '../kernel/refusal.js';
import { EXPORT_FORMATS, type ExportFormat } from './export/export-writer.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_CURSOR_LENGTH = 128;
/** A cursor: a time in milliseconds, and the id of an account. */
const DIRECT_CURSOR = /^(\d{1,15})\.([\dA-Z]{26})$/;

/** The same with the id of a room in place of the id; the time of a room without messages is 0. */
const OVERVIEW_CURSOR = /^(\d{1,15})\.(?:@([\dA-Z]{26})|([^@].{0,127}))$/su;

export interface ListRequest {
  readonly limit: number;
  readonly after?: string;
}

export interface OverviewsRequest {
  readonly limit: number;
  readonly after?: { readonly time: number } & (
    { readonly peerId: string } | { readonly roomId: string }
  );
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

export interface ChangesRequest {
  readonly after: number;
  readonly limit: number;
}

/** `after`: a number, 0 unless given; and `limit`. */
@Injectable()
export class ChangesQuery implements PipeTransform<RawQuery, ChangesRequest> {
  transform(query: RawQuery): ChangesRequest {
    refuseOtherForms(Object.keys(query), ['limit', 'after']);
    const after = query['after'] === undefined ? 0 : whole(query, 'after', 0);
    return { after, limit: limitOf(query) };
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

/** `limit`, and `after`: what the page of conversations before named as `next`. */
@Injectable()
export class OverviewsQuery implements PipeTransform<RawQuery, OverviewsRequest> {
  private readonly list = new ListQuery();

  transform(query: RawQuery): OverviewsRequest {
    const { limit, after } = this.list.transform(query);
    if (after === undefined) return { limit };
    const [, time, peerId, roomId] = OVERVIEW_CURSOR.exec(after) ?? [];
    if (time !== undefined && peerId !== undefined) {
      return { limit, after: { time: Number(time), peerId } };
    }
    if (time !== undefined && roomId !== undefined) {
      return { limit, after: { time: Number(time), roomId } };
    }
    throw new Refusal('invalid-field', { field: 'after' });
  }
}

/** The number of a message in a path. */
@Injectable()
export class SeqParameter implements PipeTransform<string, number> {
  transform(given: string): number {
    return whole({ seq: given }, 'seq', 1);
  }
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
