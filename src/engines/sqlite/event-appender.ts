import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import type { Appended } from '../../chat/log/event-log.js';
import { type BoundStatement, parametersAt } from '../sql/bound-statement.js';
import { isSameBody, type KeptBody } from '../sql/body-digest.js';
import { rollback } from './connection.js';
import { StatementRunner } from './statement-runner.js';
import type { DraftRow, RowOutcome } from './thread-protocol.js';

/** A conversation while a batch is being written. */
interface Log {
  readonly id: number;
  seq: number;
  /** Events not counted as unread. */
  uncounted: number;
  time: number;
}

interface StoredEvent extends KeptBody {
  readonly key: ConversationKey;
  readonly seq: number;
  readonly n: number;
  readonly id: string;
  readonly time: number;
}

type EventRow = readonly [
  conversation: number,
  seq: number,
  uncounted: number,
  kind: string,
  target: number | null,
  id: string,
  time: number,
  author: string,
  body: string,
  ref: string | null,
];

/** Cached authors; beyond that they are marked once more. */
const KNOWN_AUTHORS = 100_000;

/**
 * Writes batches of drafts. Between batches it caches only who is marked as an author: the database
 * is the truth.
 */
export class EventAppender {
  private readonly begin;
  private readonly commit;
  private readonly insert;
  private readonly findLog;
  private readonly createLog;
  private readonly moveLog;
  private readonly addMember;
  private readonly findStored;
  private readonly findMember;
  private readonly noteAuthor;
  private readonly statements;
  private readonly noted = new Set<string>();

  constructor(private readonly connection: SqliteConnection) {
    this.statements = new StatementRunner(connection);
    this.begin = connection.prepare('begin immediate');
    this.commit = connection.prepare('commit');
    this.insert = connection.prepare<EventRow>(
      `insert into events
         (conversation_id, seq, uncounted, kind, target, id, time, author_id, text, ref)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (ref, author_id) where ref is not null do nothing`,
    );
    this.findLog = connection.prepare<[string], Log>(
      'select id, last_seq as seq, uncounted, last_time as time from conversations where key = ?',
    );
    this.createLog = connection.prepare<[string]>(
      'insert into conversations (key, last_seq, last_time) values (?, 0, 0)',
    );
    this.moveLog = connection.prepare<[number, number, number, number]>(
      'update conversations set last_seq = ?, uncounted = ?, last_time = ? where id = ?',
    );
    this.addMember = connection.prepare<[string, number | bigint, string]>(
      'insert into direct_members (person_id, conversation_id, peer_id) values (?, ?, ?)',
    );
    this.findStored = connection.prepare<[string, string], StoredEvent>(
      `select conversations.key, events.seq, events.seq - events.uncounted as n, events.id,
              events.time, events.kind, events.target, events.text as body, events.digest
       from events join conversations on conversations.id = events.conversation_id
       where events.ref = ? and events.author_id = ?`,
    );
    this.findMember = connection.prepare<[string, string]>(
      'select 1 from room_members where room_id = ? and person_id = ? and left_seq is null',
    );
    this.noteAuthor = connection.prepare<[string]>(
      'update users set has_written = 1 where id = ? and has_written = 0',
    );
  }

  /** Stores all of the rows, or throws and stores none. */
  append(rows: readonly DraftRow[]): readonly RowOutcome[] {
    const authors = this.newAuthors(rows);
    this.begin.run();
    try {
      for (const id of authors) this.noteAuthor.run(id);
      const outcomes = this.write(rows);
      this.commit.run();
      this.remember(authors);
      return outcomes;
    } catch (error) {
      rollback(this.connection);
      throw error;
    }
  }

  private newAuthors(rows: readonly DraftRow[]): ReadonlySet<string> {
    const authors = new Set<string>();
    for (const [, , , author] of rows) if (!this.noted.has(author)) authors.add(author);
    return authors;
  }

  private remember(authors: ReadonlySet<string>): void {
    if (this.noted.size + authors.size > KNOWN_AUTHORS) this.noted.clear();
    for (const id of authors) this.noted.add(id);
  }

  private write(rows: readonly DraftRow[]): RowOutcome[] {
    const logs = new Map<string, Log>();
    const outcomes: RowOutcome[] = [];
    for (const row of rows) {
      const log = logs.get(row[0]) ?? this.openLog(row, logs);
      if (log === undefined) outcomes.push(this.compare(row));
      else if (!this.isFromMember(row)) outcomes.push(this.refuseOutsider(row));
      else if (row[9] === null) outcomes.push(this.writeRow(row, log));
      else outcomes.push(this.writeWithChanges(row, log, row[9]));
    }
    for (const log of logs.values()) {
      this.moveLog.run(log.seq, log.uncounted, log.time, log.id);
    }
    return outcomes;
  }

  private isFromMember([, , , author, , , , , , , room]: DraftRow): boolean {
    return room === null || this.findMember.get(room, author) !== undefined;
  }

  /** What was stored before the author went is there. */
  private refuseOutsider(row: DraftRow): RowOutcome {
    const [, , , author, , , , , ref] = row;
    const isStored = ref !== null && this.findStored.get(ref, author) !== undefined;
    return isStored ? this.compare(row) : { status: 'outside' };
  }

  private writeRow(row: DraftRow, log: Log): RowOutcome {
    const [, id, time, author, kind, target, body, counts, ref] = row;
    const seq = log.seq + 1;
    const uncounted = counts ? log.uncounted : log.uncounted + 1;
    const { changes } = this.insert.run(
      log.id,
      seq,
      uncounted,
      kind,
      target,
      id,
      time,
      author,
      body,
      ref,
    );
    if (changes === 0) return this.compare(row);
    log.seq = seq;
    log.uncounted = uncounted;
    log.time = time;
    return uncounted === 0 ? seq : [seq, seq - uncounted];
  }

  /** All of it, or nothing where the rows are not as they should be. */
  private writeWithChanges(
    row: DraftRow,
    log: Log,
    changes: readonly BoundStatement[],
  ): RowOutcome {
    const { seq, uncounted, time } = log;
    this.connection.exec('savepoint changes');
    const outcome = this.writeRow(row, log);
    if (log.seq === seq || this.change(changes, log.seq)) {
      this.connection.exec('release changes');
      return outcome;
    }
    this.connection.exec('rollback to changes; release changes');
    Object.assign(log, { seq, uncounted, time });
    return { status: 'stale' };
  }

  /** @returns false where a statement that has to change a row changed none */
  private change(changes: readonly BoundStatement[], seq: number): boolean {
    return changes.every((statement) => {
      const { changes: changed } = this.statements.run({
        sql: statement.sql,
        parameters: parametersAt(statement, seq),
      });
      return changed > 0 || !statement.must;
    });
  }

  /**
   * Creates the conversation where it is new.
   * @returns undefined where it is new and nothing would be written there, because the ref is taken
   *   by another event
   */
  private openLog(row: DraftRow, logs: Map<string, Log>): Log | undefined {
    const [key, , , author, , , , , ref] = row;
    let log = this.findLog.get(key);
    if (log === undefined) {
      if (ref !== null && this.findStored.get(ref, author) !== undefined) return undefined;
      log = this.begun(key);
    }
    logs.set(key, log);
    return log;
  }

  private begun(key: ConversationKey): Log {
    const id = Number(this.createLog.run(key).lastInsertRowid);
    const parsed = parseKey(key);
    if (parsed.kind === 'direct') {
      const [one, other] = parsed.members;
      this.addMember.run(one, id, other);
      this.addMember.run(other, id, one);
    }
    return { id, seq: 0, uncounted: 0, time: 0 };
  }

  /** For a row whose (author, ref) is already stored. */
  private compare([key, , , author, kind, target, body, , ref]: DraftRow): Appended {
    const stored = ref === null ? undefined : this.findStored.get(ref, author);
    if (stored === undefined) throw new Error('A row was refused that stands nowhere');
    const isSame = stored.key === key && isSameBody({ kind, target, body }, stored);
    if (!isSame) return { status: 'conflict' };
    const { id, seq, n, time } = stored;
    return { status: 'duplicate', receipt: { id, seq, n, time } };
  }
}
