import type { DirectSummary } from '../conversations/conversation-store.js';
import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from '../conversations/key.js';
import type { Membership, Room } from '../conversations/room.js';
import type { MemberSettings } from '../conversations/room-store.js';
import type { StoredBody } from '../log/event.js';

/** How far a person's connections have received a direct conversation. */
export interface DeliveredMark {
  readonly personId: string;
  readonly conversation: ConversationKey;
  readonly seq: number;
}

/** How far a person has read a conversation. */
export interface ReadMark {
  readonly personId: string;
  readonly conversation: ConversationKey;
  readonly seq: number;
  /** When the person said so (ms since the epoch). */
  readonly time: number;
}

/** What stands behind a number, for one person: each is counted to 100. */
export interface Behind {
  /** Messages that had counted as unread, and were deleted. */
  readonly deleted: number;
  /** Messages of others that mention the person, or everybody. */
  readonly mentions: number;
}

/** How far a conversation goes, and how far somebody has read it; and what stands behind that. */
export interface ReadState extends Behind {
  /** The highest number in the conversation. */
  readonly head: number;
  /** How many events up to there count as unread to a person. */
  readonly n: number;
  /** The last number that the person has read. */
  readonly read: number;
  /** How many events up to there count. What is unread is `n` less this, and less what was deleted. */
  readonly readN: number;
}

/** A room as one of its members sees it in the list of conversations. */
export interface RoomOverview {
  readonly room: Room;
  readonly membership: Membership;
  readonly settings: MemberSettings;
}

export interface LastMessage extends StoredBody {
  readonly seq: number;
  readonly time: number;
  readonly author: Person;
}

/** A conversation as one of its people sees it in a list of all of them. */
export interface Overview extends ReadState {
  readonly conversation: ConversationKey;
  /** The other person of a private conversation; null for a room. */
  readonly with: Person | null;
  /** The room, and the person's place and settings there; null for a private conversation and the lobby. */
  readonly room: RoomOverview | null;
  /** When the last event was made (ms since the epoch); 0 where there is none. */
  readonly time: number;
  /** The last message, or what is stored of it; null where nothing was said, or not for long. */
  readonly last: LastMessage | null;
}

/** Where a list of conversations, latest first, goes on: behind the one of which this is. */
export interface OverviewCursor {
  readonly time: number;
  readonly conversation: ConversationKey;
}

/** Somebody who has read a message. */
export interface Reader {
  readonly id: string;
  readonly username: string;
  /** The last number that the person has read. */
  readonly seq: number;
}

/**
 * How well a person knows whoever wrote: 0 where something was delivered between them before, 1
 * where it was written under an account with a password, 2 by a guest.
 */
export type Acquaintance = 0 | 1 | 2;

/** A direct conversation that was not delivered up to its end. */
export interface UndeliveredDirect extends DirectSummary {
  readonly acquaintance: Acquaintance;
}

/** Where a list of undelivered conversations goes on: behind the one of which this is. */
export interface UndeliveredCursor {
  readonly acquaintance: Acquaintance;
  /** The id of the other person. */
  readonly peerId: string;
}

/**
 * Up to where each side of a private conversation has received it, and so what waits for whom; and up
 * to where people have read the conversations they are in.
 *
 * Marks of what was delivered move forward, never back. They are durable by the next append at the
 * latest: one that a crash sets back brings a message twice, never none.
 *
 * Marks of what was read move forward, whichever node says so and in whatever order; only
 * {@link setReadBack} moves one back, and then what was read before it does not move it forward again.
 * They are on disk when the call resolves, and never stand beyond the head. Who never said how far
 * they have read has read nothing of a private conversation, and of a room what was said before their
 * account was made. What is unread is never stored: it is a subtraction.
 */
export abstract class MarkStore {
  abstract markDelivered(marks: readonly DeliveredMark[]): Promise<void>;

  /**
   * Who of these people has a direct conversation that was not delivered up to its end.
   * @param people at most 500 ids
   */
  abstract undelivered(people: readonly string[]): Promise<ReadonlySet<string>>;

  /**
   * A person's direct conversations that were not delivered up to their ends: those with whom the
   * person is better acquainted first, and among them those with the older accounts. So a crowd of
   * new accounts stands behind whoever was there before them.
   * @param limit at most so many, 1 to 1,000
   * @param after only those behind that one
   */
  abstract undeliveredDirects(
    personId: string,
    limit: number,
    after?: UndeliveredCursor,
  ): Promise<readonly UndeliveredDirect[]>;

  /**
   * Moves marks of what was read forward. Of people and conversations that are not there nothing is kept.
   * @param marks at most 1,000 are written in one statement
   */
  abstract moveRead(marks: readonly ReadMark[]): Promise<void>;

  /** Puts a mark exactly there, or at the head where that is lower. */
  abstract setReadBack(mark: ReadMark): Promise<void>;

  /**
   * Moves all marks of a person to the heads: of every private conversation, of every room that the
   * person is in, and of the lobby; and those in all threads that the person follows.
   */
  abstract moveAllRead(personId: string, time: number): Promise<void>;

  /**
   * @param conversations at most 200
   * @returns all of them; zeros where nothing was said yet
   */
  abstract readStates(
    personId: string,
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, ReadState>>;

  /**
   * A person's private conversations and rooms, latest first.
   * @param withLobby whether the lobby is one of them
   * @param limit at most so many, 1 to 1,000
   * @param after only those behind that one
   */
  abstract overviews(
    personId: string,
    withLobby: boolean,
    limit: number,
    after?: OverviewCursor,
  ): Promise<readonly Overview[]>;

  /** What stands behind a number of a conversation, for a person. */
  abstract behind(personId: string, conversation: ConversationKey, seq: number): Promise<Behind>;

  /** How many events of the conversation up to that number count as unread to a person. */
  abstract countUpTo(conversation: ConversationKey, seq: number): Promise<number>;

  /**
   * Who has read the conversation up to that number or further, and said so, ordered by id.
   * @param limit at most so many, 1 to 1,000
   * @param after only those whose id is above
   */
  abstract readers(
    conversation: ConversationKey,
    seq: number,
    limit: number,
    after?: string,
  ): Promise<readonly Reader[]>;
}
