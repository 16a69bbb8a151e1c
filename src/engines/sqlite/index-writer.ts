import { indexTermsOf } from '../../search/index-terms.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { rollback } from './connection.js';
import { proveFullText, WORDS_TABLE } from './full-text-proof.js';
import { placeAt, PLACES_PER_MS } from './index-places.js';
import type { IndexRow } from './thread-protocol.js';

/** Raised whenever what stands in the file changes its meaning: an index of another one is made anew. */
const VERSION = 1;

const TABLES = [
  `create table progress (
    id integer primary key, phase text not null, lag_ms integer not null, told_at integer not null)`,
  'create table conversations (id integer primary key, key text not null unique)',
  `create table messages (
    place integer primary key, conversation_id integer not null, seq integer not null)`,
  'create unique index messages_key on messages (conversation_id, seq)',
  WORDS_TABLE,
];

/** What stands in the file is of another version, or half of it. */
class OtherIndex extends Error {
  readonly code = 'OTHER_INDEX';
}

/** Writes the index of messages. Each batch is one transaction, synced. */
export class IndexWriter {
  private readonly statements;

  /** @throws NoFullText, OtherIndex */
  constructor(private readonly connection: SqliteConnection) {
    proveFullText(connection);
    makeTables(connection);
    this.statements = statementsOf(connection);
  }

  put(rows: readonly IndexRow[]): void {
    this.connection.exec('begin immediate');
    try {
      for (const row of rows) this.putOne(row);
      this.connection.exec('commit');
    } finally {
      rollback(this.connection);
    }
  }

  private putOne([conversation, seq, message]: IndexRow): void {
    const { known, addMessage, addWords, removeMessage, removeWords } = this.statements;
    const conversationId = this.idOf(conversation);
    const before = known.get(conversationId, seq)?.place;
    if (before !== undefined) removeWords.run(before);
    if (message === null) {
      if (before !== undefined) removeMessage.run(before);
      return;
    }
    const [authorId, time, text, hasAttachment] = message;
    const place = before ?? this.freePlace(time);
    if (before === undefined) addMessage.run(place, conversationId, seq);
    const { unplaced, placed } = indexTermsOf({
      ...{ conversation, authorId, text, hasAttachment },
    });
    addWords.run(place, [...unplaced, ...placed].join(' '));
  }

  private idOf(conversation: string): number {
    const { conversationId, addConversation } = this.statements;
    const id = conversationId.get(conversation)?.id;
    return id ?? Number(addConversation.run(conversation).lastInsertRowid);
  }

  /** The first place of that millisecond, or of the next one that has any. */
  private freePlace(time: number): number {
    for (let first = placeAt(time); ; first += PLACES_PER_MS) {
      const last = this.statements.lastPlace.get(first, first + PLACES_PER_MS)?.place ?? null;
      if (last === null) return first;
      if (last < first + PLACES_PER_MS - 1) return last + 1;
    }
  }
}

function statementsOf(connection: SqliteConnection) {
  return {
    conversationId: connection.prepare<[string], { readonly id: number }>(
      'select id from conversations where key = ?',
    ),
    addConversation: connection.prepare<[string]>('insert into conversations (key) values (?)'),
    known: connection.prepare<[number, number], { readonly place: number }>(
      'select place from messages where conversation_id = ? and seq = ?',
    ),
    lastPlace: connection.prepare<[number, number], { readonly place: number | null }>(
      'select max(place) as place from messages where place >= ? and place < ?',
    ),
    addMessage: connection.prepare<[number, number, number]>(
      'insert into messages (place, conversation_id, seq) values (?, ?, ?)',
    ),
    removeMessage: connection.prepare<[number]>('delete from messages where place = ?'),
    addWords: connection.prepare<[number, string]>(
      'insert into words (rowid, terms) values (?, ?)',
    ),
    removeWords: connection.prepare<[number]>('delete from words where rowid = ?'),
  };
}

function makeTables(connection: SqliteConnection): void {
  const version = connection.pragma('user_version');
  if (version === VERSION) return;
  const isEmpty = connection.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
  if (!isEmpty) throw new OtherIndex('The index of messages is of another version');
  connection.exec('begin immediate');
  try {
    for (const table of TABLES) connection.exec(table);
    connection.exec(`pragma user_version = ${VERSION}`);
    connection.exec('commit');
  } finally {
    rollback(connection);
  }
}
