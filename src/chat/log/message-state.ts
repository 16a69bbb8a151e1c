import type { Person } from '../../kernel/person.js';

/** What is said in a thread, as its root shows it. */
export interface ThreadSummary {
  readonly count: number;
  /** The number of the last reply. */
  readonly lastSeq: number;
  /** Those who replied last, three at most, the latest first. */
  readonly users: readonly Person[];
}

/** What became of a message. One to which nothing has happened has no state. */
export interface MessageState {
  /** Rises with every change but replies: what a decision about the message was based on. */
  readonly version: number;
  /** The number of the event that changed it last. */
  readonly changed: number;
  /** The last edit; null: the message is as it was said. */
  readonly edited: { readonly seq: number; readonly time: number } | null;
  /** How often it was edited. */
  readonly edits: number;
  /** The event that deleted it, and whose that is; null: it is there. */
  readonly deleted: { readonly seq: number; readonly by: Person } | null;
  /** The event that pinned it; null: it is not pinned. */
  readonly pinned: number | null;
  /** How many reactions of people it has. */
  readonly reactions: number;
  /** Null where nobody replied in a thread. */
  readonly thread: ThreadSummary | null;
}

/** The state of a message to which nothing has happened. */
export const UNTOUCHED: MessageState = {
  version: 0,
  changed: 0,
  edited: null,
  edits: 0,
  deleted: null,
  pinned: null,
  reactions: 0,
  thread: null,
};
