import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent, Draft } from './event.js';
import type { Appended, PageRequest } from './event-log.js';

/** How many reacted to a message with one key. */
export interface ReactionCount {
  readonly key: string;
  readonly count: number;
  /** Whether the asking person is one of them. */
  readonly me: boolean;
}

/** Something under a ref, as {@link MessageStore.stored} looks it up. */
export type RefOwner = Pick<Draft, 'conversation' | 'author' | 'kind' | 'target' | 'body'> & {
  readonly ref: string;
};

/** Where a list of what mentions somebody goes on: behind the one of which this is. */
export interface MentionCursor {
  /** The id of the event: ids sort by time. */
  readonly id: string;
}

/** Where somebody may read, for {@link MessageStore.mentions}. */
export interface MentionRequest {
  readonly personId: string;
  /** Whether the lobby is one of the person's rooms. */
  readonly withLobby: boolean;
  /** 1 to 1,000. */
  readonly limit: number;
  readonly after?: MentionCursor;
}

/**
 * What became of messages. It is written by appends alone (MessageChange); reads see every append
 * that has resolved.
 */
export abstract class MessageStore {
  /**
   * Events by their numbers, as they are now, ascending; those that are not there are left out.
   * @param seqs at most 200
   */
  abstract at(
    conversation: ConversationKey,
    seqs: readonly number[],
  ): Promise<readonly ChatEvent[]>;

  /**
   * What appends would answer, where refs stand for something already.
   * @param owners at most 500
   * @returns in the same order; null for one that is free
   */
  abstract stored(owners: readonly RefOwner[]): Promise<readonly (Appended | null)[]>;

  /**
   * The reactions to messages, by their numbers, each message's in the order in which they came up.
   * @param seqs at most 200
   */
  abstract reactions(
    conversation: ConversationKey,
    seqs: readonly number[],
    personId: string,
  ): Promise<ReadonlyMap<number, readonly ReactionCount[]>>;

  /** With which keys these people have reacted to a message. @param people at most 500 */
  abstract reactionsOf(
    conversation: ConversationKey,
    seq: number,
    people: readonly string[],
  ): Promise<readonly { readonly key: string; readonly person: string }[]>;

  /**
   * Messages whose state changed above a number, in the order in which they changed last.
   * @param from only those whose own number is at least this
   */
  abstract changedAfter(
    conversation: ConversationKey,
    request: { readonly after: number; readonly from: number; readonly limit: number },
  ): Promise<readonly ChatEvent[]>;

  /** How many messages are pinned. */
  abstract countPins(conversation: ConversationKey): Promise<number>;

  /** What is pinned, the latest pin first. @param limit 1 to 200 */
  abstract pins(conversation: ConversationKey, limit: number): Promise<readonly ChatEvent[]>;

  /** The replies in a thread, as {@link EventLog.page} gives a log. */
  abstract thread(
    conversation: ConversationKey,
    root: number,
    request: PageRequest,
  ): Promise<readonly ChatEvent[]>;

  /** What mentions a person in conversations that the person may read, latest first. */
  abstract mentions(request: MentionRequest): Promise<readonly ChatEvent[]>;
}
