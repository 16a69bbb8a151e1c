import type { MessageFrame, Person } from '@parley/protocol';
import { type Conversation, pathOf } from './conversation.js';
import { queryText, type RestClient } from './rest.js';
import type { Page, PageOptions } from './room-calls.js';

/** What a thread is to the person. */
export interface ThreadMark {
  readonly following: boolean;
  /** The last number that was read of it; 0 for whoever does not follow it. */
  readonly seq: number;
  /** Replies behind that which stand in the thread alone. */
  readonly unread: number;
}

/** A thread that the person follows: in a room, or in private with `user`. */
export interface FollowedThread {
  readonly room?: string;
  readonly user?: Person;
  /** Its first message. */
  readonly root: MessageFrame;
  readonly count: number;
  /** The number of the last reply; 0 where there is none. */
  readonly last_seq: number;
  /** The last number that was read of it. */
  readonly read: number;
  readonly unread: number;
}

/**
 * Threads over HTTP. A thread is named by the number of its first message. Every call rejects with a
 * {@link RestError} only.
 */
export class ThreadCalls {
  constructor(
    private readonly rest: RestClient,
    private readonly accessToken: string,
  ) {}

  /** Those that the person follows, latest reply first. */
  followed(options: PageOptions = {}): Promise<Page<FollowedThread>> {
    return this.rest.call('GET', `/threads${queryText({ ...options })}`, this.accessToken);
  }

  /** Follows it from now on. Whoever replies follows anyway, and whoever began it. */
  follow(conversation: Conversation, thread: number): Promise<ThreadMark> {
    return this.call('PUT', conversation, thread, 'follow');
  }

  /** Does not follow it any more, until the person replies there. */
  unfollow(conversation: Conversation, thread: number): Promise<ThreadMark> {
    return this.call('DELETE', conversation, thread, 'follow');
  }

  /** Has read it up to that number of the conversation. */
  read(conversation: Conversation, thread: number, seq: number): Promise<ThreadMark> {
    return this.call('PUT', conversation, thread, 'read', { seq });
  }

  private call(
    method: 'PUT' | 'DELETE',
    conversation: Conversation,
    thread: number,
    what: string,
    body?: object,
  ): Promise<ThreadMark> {
    const path = `${pathOf(conversation)}/messages/${String(thread)}/thread/${what}`;
    return this.rest.call(method, path, this.accessToken, body);
  }
}
