import { type Kysely, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Clock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';
import { indexTermsOf, type IndexTerms } from '../../search/index-terms.js';
import {
  type FindRequest,
  type Found,
  type Hit,
  type IndexEntry,
  type IndexProgress,
  SearchIndex,
  type TermQuery,
} from '../../search/search-index.js';
import type { Schema } from '../sql/schema.js';
import type { BoundedReader } from './bounded-reader.js';
import { ALL, RECENT } from './search-statements.js';
import { queryOf, vectorOf } from './text-search-types.js';

interface Row {
  readonly key: ConversationKey | null;
  readonly conversation_id: number;
  readonly seq: number;
  readonly time: number;
}

/** A message's place in the order of time. */
type Place = Pick<Row, 'conversation_id' | 'seq' | 'time'>;

const CURSOR = /^(-?\d{1,16})\.(\d{1,16})\.(\d{1,16})$/;

/** The index of messages as `tsvector`s under a GIN index, made of our own terms. */
export class PostgresSearchIndex extends SearchIndex {
  constructor(
    private readonly database: Kysely<Schema>,
    private readonly reader: BoundedReader,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async put(entries: readonly IndexEntry[]): Promise<void> {
    await this.database.transaction().execute(async (transaction) => {
      await removeGone(transaction, entries);
      await putThere(transaction, entries);
    });
  }

  /**
   * First among the latest messages, where a common word is found at once; then among all of them, which
   * takes as long as the rarest of the terms is frequent.
   */
  override async find(query: TermQuery, request: FindRequest): Promise<Found> {
    const until = this.clock.monotonic() + request.patienceMs;
    const from = placeFrom(query, request.cursor);
    const text = queryOf(query);
    const after = query.after ?? Number.MIN_SAFE_INTEGER;
    const recent = await this.ask(RECENT, until, [text, ...from, after, request.limit]);
    if (recent === null) return { hits: [], next: cursorOf(placeOf(from)) };
    const hits = recent.filter(({ key }) => key !== null).map(hitOf);
    if (hits.length >= request.limit) return { hits, next: hits.at(-1)?.cursor ?? null };
    // The last row says where the latest messages end; it is missing where they are all there are.
    const end = recent.find(({ key }) => key === null);
    if (end === undefined) return { hits, next: null };
    const left = request.limit - hits.length;
    const values = [text, ...valuesOf(end), after, left];
    const others = await this.ask(ALL, until, values);
    if (others === null) return { hits, next: cursorOf(end) };
    hits.push(...others.map(hitOf));
    return { hits, next: others.length < left ? null : (hits.at(-1)?.cursor ?? null) };
  }

  override async progress(): Promise<IndexProgress> {
    const row = await this.database.selectFrom('search_progress').selectAll().executeTakeFirst();
    if (row === undefined) return { phase: 'new', lagMs: 0, toldAt: 0 };
    return { phase: row.phase, lagMs: row.lag_ms, toldAt: row.told_at };
  }

  override async enter(phase: IndexProgress['phase']): Promise<void> {
    await this.database
      .insertInto('search_progress')
      .values({ id: 1, phase, lag_ms: 0, told_at: 0 })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ phase }))
      .execute();
  }

  override async tell({ lagMs, toldAt }: Omit<IndexProgress, 'phase'>): Promise<void> {
    await this.database
      .updateTable('search_progress')
      .set({ lag_ms: lagMs, told_at: toldAt })
      .execute();
  }

  /** Holds nothing, and is to be filled. */
  async empty(): Promise<void> {
    await sql`truncate search_messages`.execute(this.database);
    await this.enter('filling');
  }

  private async ask(
    statement: string,
    until: number,
    values: readonly unknown[],
  ): Promise<readonly Row[] | null> {
    const left = until - this.clock.monotonic();
    return left <= 0 ? null : this.reader.read<Row>(left, statement, values);
  }
}

async function removeGone(database: Kysely<Schema>, entries: readonly IndexEntry[]): Promise<void> {
  const gone = entries.filter(({ message }) => message === null);
  if (gone.length === 0) return;
  const keys = gone.map(({ conversation }) => conversation);
  await sql`
    delete from search_messages
    using unnest(${keys}::text[], ${gone.map(({ seq }) => seq)}::bigint[]) as gone (key, seq)
      join conversations on conversations.key = gone.key
    where search_messages.conversation_id = conversations.id
      and search_messages.seq = gone.seq`.execute(database);
}

async function putThere(database: Kysely<Schema>, entries: readonly IndexEntry[]): Promise<void> {
  const rows = entries.flatMap(({ conversation, seq, message }) =>
    message === null
      ? []
      : [{ conversation, seq, time: message.time, words: wordsOf(conversation, message) }],
  );
  if (rows.length === 0) return;
  await sql`
    insert into search_messages (conversation_id, seq, time, words)
    select conversations.id, given.seq, given.time, cast(given.words as tsvector)
    from unnest(${rows.map(({ conversation }) => conversation)}::text[],
      ${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ time }) => time)}::bigint[],
      ${rows.map(({ words }) => words)}::text[]) as given (key, seq, time, words)
      join conversations on conversations.key = given.key
    on conflict (conversation_id, seq)
      do update set words = excluded.words, time = excluded.time`.execute(database);
}

function wordsOf(
  conversation: ConversationKey,
  message: NonNullable<IndexEntry['message']>,
): string {
  const terms: IndexTerms = indexTermsOf({ conversation, ...message });
  return vectorOf(terms);
}

function hitOf(row: Row): Hit {
  if (row.key === null) throw new Error('A message found has no conversation');
  return { conversation: row.key, seq: row.seq, cursor: cursorOf(row) };
}

function cursorOf({ time, conversation_id, seq }: Place): string {
  return `${time}.${conversation_id}.${seq}`;
}

/** Below which place to look. @throws Refusal `invalid-field` */
function placeFrom({ before }: TermQuery, cursor: string | null): readonly number[] {
  const end = [before ?? Number.MAX_SAFE_INTEGER, 0, 0];
  if (cursor === null) return end;
  const place = CURSOR.exec(cursor)?.slice(1).map(Number);
  if (place?.every((value) => Number.isSafeInteger(value)) !== true) {
    throw new Refusal('invalid-field', { field: 'cursor' });
  }
  return (place[0] ?? 0) < (end[0] ?? 0) ? place : end;
}

function placeOf([time = 0, conversation_id = 0, seq = 0]: readonly number[]): Place {
  return { time, conversation_id, seq };
}

function valuesOf({ time, conversation_id, seq }: Place): readonly number[] {
  return [time, conversation_id, seq];
}
