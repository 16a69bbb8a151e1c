import type { Kysely } from 'kysely';
import type { ConversationKey } from '../../chat/conversation.js';
import type { ChatEvent } from '../../chat/event.js';
import type { DirectSummary, PageRequest } from '../../chat/message-store.js';
import type { Schema } from './schema.js';

/** Events that `stream` holds at a time. */
const STREAM_CHUNK = 200;
/** Keys in one statement: far below what the databases accept. */
const HEADS_CHUNK = 500;

interface EventRow {
  readonly seq: number;
  readonly id: string;
  readonly time: number;
  readonly text: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly to_id: string | null;
  readonly to_name: string | null;
}

/** The queries of a message store that only read. */
export class SqlMessageReader {
  constructor(private readonly database: Kysely<Schema>) {}

  async page(conversation: ConversationKey, request: PageRequest): Promise<readonly ChatEvent[]> {
    const { before, after, limit } = request;
    let query = this.events(conversation).limit(limit);
    if (after !== undefined) {
      query = query.where('events.seq', '>', after).orderBy('events.seq', 'asc');
    } else {
      query = query.orderBy('events.seq', 'desc');
      if (before !== undefined) query = query.where('events.seq', '<', before);
    }
    const rows = await query.execute();
    if (after === undefined) rows.reverse();
    return rows.map((row) => toEvent(conversation, row));
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

  stream(conversation: ConversationKey): AsyncIterable<readonly ChatEvent[]> {
    const heads = this.heads([conversation]);
    // Whoever reads the stream gets the failure; a stream that nobody reads must not end the process.
    heads.catch(() => undefined);
    return this.readUpTo(conversation, heads);
  }

  async directs(personId: string, limit: number): Promise<readonly DirectSummary[]> {
    const rows = await this.database
      .selectFrom('direct_members as mine')
      .innerJoin('conversations', 'conversations.id', 'mine.conversation_id')
      .innerJoin('users as peer', 'peer.id', 'mine.peer_id')
      .select([
        'conversations.key',
        'conversations.last_seq',
        'conversations.last_time',
        'mine.delivered',
        'peer.id',
        'peer.username',
      ])
      .where('mine.person_id', '=', personId)
      .orderBy('conversations.last_time', 'desc')
      .orderBy('conversations.id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      conversation: row.key,
      with: { id: row.id, username: row.username },
      seq: row.last_seq,
      delivered: row.delivered,
      time: row.last_time,
    }));
  }

  /** Reads by number, chunk for chunk: no cursor stays open while the consumer thinks. */
  private async *readUpTo(
    conversation: ConversationKey,
    heads: Promise<ReadonlyMap<ConversationKey, number>>,
  ): AsyncGenerator<readonly ChatEvent[]> {
    const head = (await heads).get(conversation) ?? 0;
    let seq = 0;
    while (seq < head) {
      const rows = await this.events(conversation)
        .where('events.seq', '>', seq)
        .where('events.seq', '<=', head)
        .orderBy('events.seq', 'asc')
        .limit(STREAM_CHUNK)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) return;
      seq = last.seq;
      yield rows.map((row) => toEvent(conversation, row));
    }
  }

  private events(conversation: ConversationKey) {
    return this.database
      .selectFrom('events')
      .innerJoin('users as author', 'author.id', 'events.author_id')
      .leftJoin('direct_members as member', (join) =>
        join
          .onRef('member.person_id', '=', 'events.author_id')
          .onRef('member.conversation_id', '=', 'events.conversation_id'),
      )
      .leftJoin('users as peer', 'peer.id', 'member.peer_id')
      .select([
        'events.seq',
        'events.id',
        'events.time',
        'events.text',
        'author.id as author_id',
        'author.username as author_name',
        'peer.id as to_id',
        'peer.username as to_name',
      ])
      .where('events.conversation_id', '=', (query) =>
        query
          .selectFrom('conversations')
          .select('conversations.id')
          .where('conversations.key', '=', conversation),
      );
  }
}

function toEvent(conversation: ConversationKey, row: EventRow): ChatEvent {
  return {
    conversation,
    seq: row.seq,
    id: row.id,
    time: row.time,
    author: { id: row.author_id, username: row.author_name },
    to:
      row.to_id === null || row.to_name === null ? null : { id: row.to_id, username: row.to_name },
    text: row.text,
  };
}
