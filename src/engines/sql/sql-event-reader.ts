import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { type ConversationKey, roomKey } from '../../chat/conversations/key.js';
import type { ChatEvent } from '../../chat/log/event.js';
import type { MessageState } from '../../chat/log/message-state.js';
import type { PageRequest } from '../../chat/log/event-log.js';
import { PACKED_STATE, unpackAll } from './packed-state.js';
import type { Schema } from './schema.js';

/** Events that `stream` buffers at a time. */
const STREAM_CHUNK = 200;
/** Keys per statement: far below the databases' limits. */
const HEADS_CHUNK = 500;

export interface EventRow {
  readonly seq: number;
  readonly n: number;
  readonly kind: string;
  readonly target: number | null;
  readonly id: string;
  readonly time: number;
  readonly body: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly to_id: string | null;
  readonly to_name: string | null;
  /** @see PACKED_STATE */
  readonly state: string | null;
}

/** The read queries of an event log. */
export class SqlEventReader {
  // Compiled once: building these costs more than running them, and after a restart everybody asks
  // at once.
  private readonly older: CompiledQuery<EventRow>;
  private readonly newer: CompiledQuery<EventRow>;

  constructor(private readonly database: Kysely<Schema>) {
    this.older = olderEvents(database).compile();
    this.newer = newerEvents(database).compile();
  }

  async page(conversation: ConversationKey, request: PageRequest): Promise<readonly ChatEvent[]> {
    const { before = Number.MAX_SAFE_INTEGER, after, limit } = request;
    if (after !== undefined) return this.events(this.newer, conversation, after, limit);
    return (await this.events(this.older, conversation, before, limit)).reverse();
  }

  async heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>> {
    const heads = new Map(conversations.map((key) => [key, 0]));
    const keys = [...heads.keys()];
    for (let start = 0; start < keys.length; start += HEADS_CHUNK) {
      const rows = await this.database
        .selectFrom('conversations')
        .select(['key', 'last_seq'])
        .where('key', 'in', keys.slice(start, start + HEADS_CHUNK))
        .execute();
      for (const row of rows) heads.set(row.key, row.last_seq);
    }
    return heads;
  }

  stream(conversation: ConversationKey, after = 0): AsyncIterable<readonly ChatEvent[]> {
    const heads = this.heads([conversation]);
    // The stream's reader gets the failure; an unread stream must not end the process.
    heads.catch(() => undefined);
    return this.readUpTo(conversation, after, heads);
  }

  /** Keyset pagination: no cursor stays open while the consumer is busy. */
  private async *readUpTo(
    conversation: ConversationKey,
    after: number,
    heads: Promise<ReadonlyMap<ConversationKey, number>>,
  ): AsyncGenerator<readonly ChatEvent[]> {
    const head = (await heads).get(conversation) ?? 0;
    let seq = after;
    while (seq < head) {
      const chunk = await this.events(
        this.newer,
        conversation,
        seq,
        Math.min(STREAM_CHUNK, head - seq),
      );
      if (chunk.length === 0) return;
      seq += chunk.length;
      yield chunk;
    }
  }

  /** Parameters in the order in which {@link eventsWhere} and the queries name them. */
  private async events(
    query: CompiledQuery<EventRow>,
    conversation: ConversationKey,
    bound: number,
    limit: number,
  ): Promise<ChatEvent[]> {
    const { rows } = await this.database.executeQuery<EventRow>({
      ...query,
      parameters: [conversation, bound, limit],
    });
    return eventsOf(this.database, conversation, rows);
  }
}

/** Rows as events, with what has become of each. */
export async function eventsOf(
  database: Kysely<Schema>,
  conversation: ConversationKey,
  rows: readonly EventRow[],
): Promise<ChatEvent[]> {
  const states = await unpackAll(
    database,
    rows.map(({ state }) => state),
  );
  return rows.map((row, index) => toEvent(conversation, row, states[index]));
}

function olderEvents(database: Kysely<Schema>) {
  return eventsWhere(database, '<').orderBy('events.seq', 'desc').limit(0);
}

function newerEvents(database: Kysely<Schema>) {
  return eventsWhere(database, '>').orderBy('events.seq', 'asc').limit(0);
}

/** The values are placeholders, replaced in each call. */
function eventsWhere(database: Kysely<Schema>, side: '<' | '>') {
  return selectEvents(database)
    .where('events.conversation_id', '=', (query) =>
      query
        .selectFrom('conversations')
        .select('conversations.id')
        .where('conversations.key', '=', roomKey('')),
    )
    .where('events.seq', side, 0);
}

/** Events, each with the state of the message that it is, or that it is about. */
export function selectEvents(database: Kysely<Schema>) {
  return (
    database
      .selectFrom('events')
      // A left join: whatever becomes of its author, no number is missing.
      .leftJoin('users as author', 'author.id', 'events.author_id')
      .leftJoin('direct_members as member', (join) =>
        join
          .onRef('member.person_id', '=', 'events.author_id')
          .onRef('member.conversation_id', '=', 'events.conversation_id'),
      )
      .leftJoin('users as peer', 'peer.id', 'member.peer_id')
      .leftJoin('message_states as state', (join) =>
        join
          .onRef('state.conversation_id', '=', 'events.conversation_id')
          .on(sql<boolean>`state.seq = coalesce(events.target, events.seq)`),
      )
      .select([
        'events.seq',
        sql<number>`events.seq - events.uncounted`.as('n'),
        'events.kind',
        'events.target',
        'events.id',
        'events.time',
        'events.text as body',
        'events.author_id',
        sql<string>`coalesce(author.username, 'deleted-' || events.author_id)`.as('author_name'),
        'peer.id as to_id',
        'peer.username as to_name',
        PACKED_STATE.as('state'),
      ])
  );
}

function toEvent(
  conversation: ConversationKey,
  row: EventRow,
  state: MessageState | undefined,
): ChatEvent {
  return {
    conversation,
    seq: row.seq,
    n: row.n,
    kind: row.kind,
    target: row.target,
    body: row.body,
    id: row.id,
    time: row.time,
    author: { id: row.author_id, username: row.author_name },
    to:
      row.to_id === null || row.to_name === null ? null : { id: row.to_id, username: row.to_name },
    state,
  };
}
