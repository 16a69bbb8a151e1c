import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent } from '../log/event.js';

/** A thread, by the number of its first message. */
export interface ThreadRef {
  readonly conversation: ConversationKey;
  readonly root: number;
}

/** What a thread is to a person. */
export interface ThreadMark {
  readonly following: boolean;
  /** The last number that the person has read of it; 0 for whoever does not follow it. */
  readonly seq: number;
  /** Replies behind that which stand in the thread alone; 0 for whoever does not follow it. */
  readonly unread: number;
}

/** A thread that somebody follows. */
export interface FollowedThread extends ThreadMark {
  readonly conversation: ConversationKey;
  /** Its first message, with what is said in the thread. */
  readonly root: ChatEvent;
  /** The other person of a private conversation; null for a room. */
  readonly with: Person | null;
  /** The name of a room that is not the lobby. */
  readonly room: string | null;
  /** The id of its last reply, or of its first message: ids sort by time. */
  readonly latest: string;
}

export interface FollowedRequest {
  readonly personId: string;
  /** Whether the lobby is one of the person's rooms. */
  readonly withLobby: boolean;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Only those whose `latest` is below. */
  readonly after?: string;
}

/**
 * Who follows which thread, and how far each has read it. Whoever replies follows, and whoever began
 * it: the append that stores the reply says so (MessageChange), and moves its author's mark.
 *
 * Replies that stand in their thread alone have an ordinal there, those that stand in the conversation
 * as well have an `n` in place of it, so that nothing counts twice. What is unread is the last ordinal
 * less that at the mark, less what was deleted behind it (counted to 100): it is never stored.
 */
export abstract class ThreadStore {
  /** Follows from now on: what is there counts as read, unless the person follows it already. */
  abstract follow(personId: string, thread: ThreadRef, time: number): Promise<void>;

  /** Does not follow any more, also where others reply; replying oneself follows again. */
  abstract unfollow(personId: string, thread: ThreadRef, time: number): Promise<void>;

  /** Moves a mark forward, not beyond the conversation's head; does nothing for whoever does not follow. */
  abstract moveRead(personId: string, thread: ThreadRef, seq: number): Promise<void>;

  /** Puts a mark exactly there, or at the head where that is lower. */
  abstract setReadBack(personId: string, thread: ThreadRef, seq: number): Promise<void>;

  abstract mark(personId: string, thread: ThreadRef): Promise<ThreadMark>;

  /** The threads that a person follows, of what the person may read now, latest reply first. */
  abstract followed(request: FollowedRequest): Promise<readonly FollowedThread[]>;

  /** Forgets all but the latest threads of these people. @param people at most 500 */
  abstract trim(people: readonly string[], most: number): Promise<void>;
}
