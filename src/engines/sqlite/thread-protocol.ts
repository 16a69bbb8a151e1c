import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Appended } from '../../chat/log/event-log.js';
import type { BoundStatement } from '../sql/bound-statement.js';
import type { FileIdentity } from './file-watch.js';

/** The start parameters of a database thread. */
export interface ThreadData {
  readonly file: string;
  /** The claimed file: another one under its name is not opened. */
  readonly identity: FileIdentity;
}

/** A draft on its way to the writer. */
export type DraftRow = readonly [
  conversation: ConversationKey,
  id: string,
  time: number,
  authorId: string,
  kind: string,
  target: number | null,
  body: string,
  counts: boolean,
  ref: string | null,
  changes: readonly BoundStatement[] | null,
  /** The id of the room that its author has to be in. */
  memberOf: string | null,
];

/**
 * The outcome of a row: its numbers, or something else. One number stands for both when they are
 * equal, as among messages: a pair costs more to clone.
 */
export type RowOutcome = number | readonly [seq: number, n: number] | Appended;

/** A person, a conversation, the number up to which it was delivered. */
export type MarkRow = readonly [string, string, number];

/** A message for the index of messages, or null where it is to be found no more. */
export type IndexRow = readonly [
  conversation: ConversationKey,
  seq: number,
  message: readonly [authorId: string, time: number, text: string, hasAttachment: boolean] | null,
];

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The commands of a database thread. */
export type Command =
  | { readonly op: 'append'; readonly rows: readonly DraftRow[] }
  | { readonly op: 'mark'; readonly rows: readonly MarkRow[] }
  /** Puts messages in the index, in a transaction of their own. {@link IndexRow}s as JSON, which costs less. */
  | { readonly op: 'index'; readonly rows: string }
  /** Deletes accounts that went and left nothing. */
  | { readonly op: 'remove'; readonly ids: readonly string[] }
  /** A single statement. Several that wait share one commit. */
  | ({ readonly op: 'run' } & Statement)
  /** A statement on its own whose commit is not synced; the next synced one covers it. */
  | ({ readonly op: 'run-unsynced' } & Statement)
  | { readonly op: 'begin' }
  /** A statement of the open transaction. */
  | ({ readonly op: 'step' } & Statement)
  | { readonly op: 'commit' }
  /** Rolls back the open transaction, if any. */
  | { readonly op: 'rollback' }
  | { readonly op: 'close' };

/** Rows travel as JSON text: parsing it costs the event loop half of a structured clone. */
export interface StatementResult {
  readonly rows: string;
  readonly changes: number;
}

export interface Answers {
  readonly append: readonly RowOutcome[];
  readonly mark: null;
  readonly index: null;
  /** How many. */
  readonly remove: number;
  readonly run: StatementResult;
  readonly 'run-unsynced': StatementResult;
  readonly begin: null;
  readonly step: StatementResult;
  readonly commit: null;
  readonly rollback: null;
  readonly close: null;
}

export interface Request {
  readonly id: number;
  readonly command: Command;
}

/** Why a command failed, in SQLite's words. They name tables and columns, never values. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** It was carried out, and may be lost. */
  readonly isInDoubt?: boolean;
}

export type Reply =
  | { readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly id: number; readonly failure: Failure };

/** A thread's first message: its database is open. */
export const READY = 'ready';
