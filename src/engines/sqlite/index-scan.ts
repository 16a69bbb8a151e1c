import type { Clock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { FindRequest, Found, Hit, Phrase, TermQuery } from '../../search/search-index.js';
import { placeAt } from './index-places.js';
import type { Statement, StatementResult } from './thread-protocol.js';

/** The part of the whole that is read first. */
const FIRST_PART = 1 / 16;
/** A part that took less is followed by one twice as long; one that took more, by half of it (ms). */
const QUICK_MS = 10;
const SLOW_MS = 50;

/** No row where there is no message. */
const ENDS = `select low, high from (select (select min(place) from messages) as low,
  (select max(place) + 1 from messages) as high) where low is not null`;

const PART = `select messages.place, conversations.key, messages.seq
  from words join messages on messages.place = words.rowid
  join conversations on conversations.id = messages.conversation_id
  where words match ? and words.rowid >= ? and words.rowid < ?
  order by words.rowid desc limit ?`;

interface Row {
  readonly place: number;
  readonly key: ConversationKey;
  readonly seq: number;
}

/** Places from `low`, up to but not with `high`. */
interface Span {
  readonly low: number;
  readonly high: number;
}

/**
 * Reads the index from the latest message back, part after part: SQLite cannot be interrupted, and the
 * time that a search may take is looked at between two parts. Other searches are answered there, too.
 */
export class IndexScan {
  constructor(
    readonly read: (statement: Statement) => Promise<StatementResult>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  async find(query: TermQuery, { limit, cursor, patienceMs }: FindRequest): Promise<Found> {
    const until = this.clock.monotonic() + patienceMs;
    const high = highest(query, cursor);
    const whole = await this.ask<Span>(ENDS, [], until);
    if (whole === null) return { hits: [], next: cursorAt(high) };
    const [ends] = whole;
    if (ends === undefined) return { hits: [], next: null };
    const low = query.after === null ? ends.low : Math.max(ends.low, placeAt(query.after + 1));
    const span = { low, high: Math.min(high, ends.high) };
    return this.scan(span, { match: matchOf(query), limit, until });
  }

  private async scan(
    { low, high }: Span,
    { match, limit, until }: { match: string; limit: number; until: number },
  ): Promise<Found> {
    const hits: Hit[] = [];
    let length = Math.max(1, Math.ceil((high - low) * FIRST_PART));
    for (let top = high; top > low;) {
      const bottom = Math.max(low, top - length);
      const beganAt = this.clock.monotonic();
      const rows = await this.ask<Row>(PART, [match, bottom, top, limit - hits.length], until);
      if (rows === null) return { hits, next: cursorAt(top) };
      hits.push(...rows.map(hitOf));
      if (hits.length >= limit) return { hits, next: hits.at(-1)?.cursor ?? null };
      const took = this.clock.monotonic() - beganAt;
      if (took < QUICK_MS) length *= 2;
      else if (took > SLOW_MS) length = Math.ceil(length / 2);
      top = bottom;
    }
    return { hits, next: null };
  }

  /** @returns null where the time is over */
  private async ask<Result>(
    sql: string,
    parameters: readonly unknown[],
    until: number,
  ): Promise<readonly Result[] | null> {
    const left = until - this.clock.monotonic();
    if (left <= 0) return null;
    const answer = this.read({ sql, parameters });
    // Nobody hears of it where it fails too late.
    answer.catch(() => undefined);
    const result = await this.scheduler.within<StatementResult | null>(left, answer, () => null);
    return result === null ? null : (JSON.parse(result.rows) as Result[]);
  }
}

/** Terms consist of letters, digits and `_`: in quotation marks none of them means anything. */
function matchOf({ any, all, none }: TermQuery): string {
  const wanted = [`(${any.map(quoted).join(' OR ')})`, ...all.map(phrase)].join(' AND ');
  return none.length === 0 ? wanted : `(${wanted}) NOT (${none.map(phrase).join(' OR ')})`;
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '')}"`;
}

function phrase(terms: Phrase): string {
  return quoted(terms.join(' '));
}

/** @throws Refusal `invalid-field` */
function highest({ before }: TermQuery, cursor: string | null): number {
  const end = before === null ? Number.MAX_SAFE_INTEGER : placeAt(before);
  if (cursor === null) return end;
  const place = /^-?\d{1,16}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!Number.isSafeInteger(place)) throw new Refusal('invalid-field', { field: 'cursor' });
  return Math.min(end, place);
}

/** The search goes on below a place. */
function cursorAt(place: number): string {
  return String(place);
}

function hitOf({ place, key, seq }: Row): Hit {
  return { conversation: key, seq, cursor: cursorAt(place) };
}
