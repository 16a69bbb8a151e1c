import type { ConversationKey } from '../chat/conversations/key.js';

/** The name under which the log is followed to fill the index. */
export const SEARCH = 'search';

/** A message to be found from now on, in place of what was known of it; or one to be found no more. */
export interface IndexEntry {
  readonly conversation: ConversationKey;
  readonly seq: number;
  /** Null: it is deleted. */
  readonly message: {
    readonly authorId: string;
    /** Milliseconds since the epoch. */
    readonly time: number;
    readonly text: string;
    /** It has files. */
    readonly hasAttachment?: boolean;
  } | null;
}

/** Terms that stand next to each other, in this order. */
export type Phrase = readonly string[];

/** What is looked for, in terms of index-terms.ts. */
export interface TermQuery {
  /** One of these at least; never empty. */
  readonly any: readonly string[];
  readonly all: readonly Phrase[];
  readonly none: readonly Phrase[];
  /** Only what was said after and before these times (ms since the epoch). */
  readonly after: number | null;
  readonly before: number | null;
}

export interface FindRequest {
  /** At most so many, 1 to 1,000. */
  readonly limit: number;
  /** Where an earlier answer ended; null: with the latest. */
  readonly cursor: string | null;
  /** For how long to look (ms). */
  readonly patienceMs: number;
}

export interface Hit {
  readonly conversation: ConversationKey;
  readonly seq: number;
  /** Where the search goes on behind it. */
  readonly cursor: string;
}

export interface Found {
  /** Latest first. */
  readonly hits: readonly Hit[];
  /** Where the search goes on; null: there is nothing more. */
  readonly next: string | null;
}

/** How far the index is, as the node that fills it has told the others. */
export interface IndexProgress {
  /** `new`: nothing is known of it; `filling`: something is missing; `filled`: it only lags. */
  readonly phase: 'new' | 'filling' | 'filled';
  /** How long the oldest message that it lacks has been waiting (ms). */
  readonly lagMs: number;
  /** When this was told (ms since the epoch). */
  readonly toldAt: number;
}

/**
 * Finds messages by what was said, and where, by whom and when. It holds the terms of
 * {@link indexTermsOf} and no text: what a message says is read from the log.
 *
 * What `put` resolved is on disk and is found. An index that was lost or thrown away comes back as
 * `new`, whatever it held before.
 */
export abstract class SearchIndex {
  /**
   * Replaces what is known of these messages, all or nothing. May be repeated.
   * @param entries at most 1,000, of different messages
   */
  abstract put(entries: readonly IndexEntry[]): Promise<void>;

  /**
   * Rejects after no longer than it was to look, and a moment: what was found by then is the answer.
   * @throws Refusal `invalid-field` for a cursor that no answer gave, by rejection
   */
  abstract find(query: TermQuery, request: FindRequest): Promise<Found>;

  abstract progress(): Promise<IndexProgress>;

  abstract enter(phase: IndexProgress['phase']): Promise<void>;

  /** Leaves the phase as it is. */
  abstract tell(lag: Omit<IndexProgress, 'phase'>): Promise<void>;
}
