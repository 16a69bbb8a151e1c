import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Appended } from '../../chat/log/event-log.js';
import type { FileIdentity } from './file-watch.js';

/** What a database thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** The file that the service claimed: another one under its name is not opened. */
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
];

/**
 * What became of a row: the numbers that it was stored under, or whatever else happened. One number
 * stands for both where they are the same, as they are among messages: a pair costs more to clone.
 */
export type RowOutcome = number | readonly [seq: number, n: number] | Appended;

/** A person, a conversation, the number up to which it was delivered. */
export type MarkRow = readonly [string, string, number];

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What a database thread can be asked for. */
export type Command =
  | { readonly op: 'append'; readonly rows: readonly DraftRow[] }
  | { readonly op: 'mark'; readonly rows: readonly MarkRow[] }
  /** Deletes accounts that went and left nothing. */
  | { readonly op: 'remove'; readonly ids: readonly string[] }
  /** A statement on its own. Several that wait share one commit. */
  | ({ readonly op: 'run' } & Statement)
  /** A statement on its own whose commit is not synced; the next synced one covers it. */
  | ({ readonly op: 'run-unsynced' } & Statement)
  | { readonly op: 'begin' }
  /** A statement of the transaction that is open. */
  | ({ readonly op: 'step' } & Statement)
  | { readonly op: 'commit' }
  /** Undoes the transaction where one is open. */
  | { readonly op: 'rollback' }
  | { readonly op: 'close' };

/** Rows travel as JSON text: reading that costs the event loop half of a structured clone. */
export interface StatementResult {
  readonly rows: string;
  readonly changes: number;
}

export interface Answers {
  readonly append: readonly RowOutcome[];
  readonly mark: null;
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

/** The first thing that a thread says: its database is open. */
export const READY = 'ready';
