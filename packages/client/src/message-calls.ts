import { type Conversation, partnerOf, pathOf } from './conversation.js';
import type { PresentFrame } from './message-changes.js';
import type { Page, PageOptions, Posted } from './room-calls.js';
import { type PageQuery, queryText, type RestClient } from './rest.js';

/** What is said in a thread, a page of it. */
export interface ThreadPage {
  /** The message that the thread is about, deleted or not. */
  readonly root: PresentFrame;
  /** Ascending by `seq`. */
  readonly items: readonly PresentFrame[];
  /** Pass as `before` for the replies before these; null where there are none. */
  readonly next_before: number | null;
  /** Pass as `after` for the replies after these; null where there are none yet. */
  readonly next_after: number | null;
}

/** A message that was found. */
export type FoundFrame = PresentFrame & {
  /** Where in `data` it says what was looked for: `[start, end)` in code points, ascending. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
};

export interface FoundPage {
  /** Latest first. */
  readonly items: readonly FoundFrame[];
  /** Pass as `cursor` for what is older; null at the end. */
  readonly next: string | null;
  /** How long the oldest message waits that cannot be found yet. */
  readonly indexed: { readonly lag_ms: number };
  /** The time was over before everything was looked at: `next` goes on. */
  readonly partial?: true;
}

export interface DeletionOptions {
  /** The last number of a range of at most 100. */
  readonly upTo?: number;
  /** Why, for people: up to 500 code points. */
  readonly reason?: string;
}

export interface SearchOptions {
  /** Only in this conversation. */
  readonly in?: Conversation;
  /** Only what the person of this name said. */
  readonly from?: string;
  /** 1 to 50. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Messages that changed above a number, in that order. */
export interface ChangesPage {
  readonly items: readonly (PresentFrame & { readonly changed: number })[];
  readonly head: number;
  /** Pass as `after` for the changes after these; null where there are none yet. */
  readonly next_after: number | null;
}

/**
 * Messages over HTTP: what changes one, and what can be asked of them. Every call rejects with a
 * {@link RestError} only: its code is `unknown-message` for one that is not there or not to be seen,
 * and `message-deleted` for one that was there.
 */
export class MessageCalls {
  constructor(
    private readonly rest: RestClient,
    private readonly accessToken: string,
  ) {}

  /**
   * Gives a message of one's own another text. The same text is no change.
   * @param ifSeq the number of the last edit that was seen, or of the message: where there is a
   *   later one, the code is `edit-conflict`
   */
  edit(conversation: Conversation, seq: number, data: string, ifSeq?: number): Promise<Posted> {
    const body = ifSeq === undefined ? { data } : { data, if: ifSeq };
    return this.call('PATCH', messagePath(conversation, seq), body);
  }

  /** Deletes one of one's own; with the right, anybody's, and ranges. */
  delete(conversation: Conversation, seq: number, options: DeletionOptions = {}): Promise<Posted> {
    const query = queryText({ up_to: options.upTo, reason: options.reason });
    return this.call('DELETE', messagePath(conversation, seq) + query);
  }

  /** Twice is once. @param key one emoji, or `:name:` */
  react(conversation: Conversation, seq: number, key: string): Promise<Posted> {
    return this.call('PUT', reactionPath(conversation, seq, key), {});
  }

  takeBack(conversation: Conversation, seq: number, key: string): Promise<Posted> {
    return this.call('DELETE', reactionPath(conversation, seq, key));
  }

  pin(conversation: Conversation, seq: number): Promise<Posted> {
    return this.call('PUT', `${messagePath(conversation, seq)}/pin`, {});
  }

  unpin(conversation: Conversation, seq: number): Promise<Posted> {
    return this.call('DELETE', `${messagePath(conversation, seq)}/pin`);
  }

  /** What is pinned, the latest pin first. */
  async pins(conversation: Conversation): Promise<readonly PresentFrame[]> {
    const path = `${pathOf(conversation)}/pins`;
    return (await this.call<{ readonly items: readonly PresentFrame[] }>('GET', path)).items;
  }

  thread(conversation: Conversation, root: number, query: PageQuery = {}): Promise<ThreadPage> {
    const path = `${messagePath(conversation, root)}/thread`;
    return this.call('GET', `${path}${queryText({ ...query })}`);
  }

  changes(conversation: Conversation, after: number, limit?: number): Promise<ChangesPage> {
    return this.call('GET', `${pathOf(conversation)}/changes${queryText({ after, limit })}`);
  }

  /** What mentions the person, wherever that is, the latest first. */
  mentions(options: PageOptions = {}): Promise<Page<PresentFrame>> {
    return this.call('GET', `/mentions${queryText({ ...options })}`);
  }

  /** What was said, in all of the person's conversations. @param q words, `"a phrase"`, `-without` */
  search(q: string, { in: where, ...options }: SearchOptions = {}): Promise<FoundPage> {
    return this.call('GET', `/search${queryText({ q, ...placeOf(where), ...options })}`);
  }

  private call<Answer>(
    method: Parameters<RestClient['call']>[0],
    path: string,
    body?: object,
  ): Promise<Answer> {
    return this.rest.call(method, path, this.accessToken, body);
  }
}

function messagePath(conversation: Conversation, seq: number): string {
  return `${pathOf(conversation)}/messages/${String(seq)}`;
}

function reactionPath(conversation: Conversation, seq: number, key: string): string {
  return `${messagePath(conversation, seq)}/reactions/${encodeURIComponent(key)}`;
}

function placeOf(where: Conversation | undefined): {
  readonly room?: string;
  readonly with?: string;
} {
  if (where === undefined) return {};
  const partner = partnerOf(where);
  return partner === null ? { room: where } : { with: partner };
}
