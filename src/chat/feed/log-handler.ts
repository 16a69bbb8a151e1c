import type { ChatEvent } from '../log/event.js';

/** Conversations that are read from the log, and handled, at a time: others read there, too. */
export const READERS = 8;

/** What somebody does with everything that is said. */
export interface LogHandler {
  /** The follower's name, registered with {@link FollowerCursors.register}. */
  readonly name: string;
  /** The most events in one call; 200 where nothing is said, 1,000 at the most. */
  readonly batch?: number;
  /** How many conversations are brought at a time, of what was just said; 8 where nothing is said. */
  readonly concurrency?: number;
  /**
   * How long a conversation rests when its head is reached (ms), so that what comes meanwhile is brought
   * together; 50 where nothing is said.
   */
  readonly breathMs?: number;

  /**
   * Takes events of one conversation, in the order of their numbers, without a gap: as the log has them, or,
   * soon after they were said, as they were said. The next ones come
   * when it has resolved. Where it rejects the same come again, after a pause; so they do where the
   * node dies before their cursor is moved: whoever minds knows an event by its id.
   *
   * It has to end by itself: while it runs it takes one of few places.
   * @param signal aborted when the node stops or another one may take over: what was not begun by then
   *   had better not be
   * @param isRead whether they were read from the log: no more than {@link READERS} of such calls run at a time
   */
  handle(events: readonly ChatEvent[], signal: AbortSignal, isRead: boolean): Promise<void>;

  /**
   * How long to wait after so many failures in a row (ms); about a second at first and five minutes
   * in the end where nothing is said.
   */
  backoffMs?(failures: number, error: unknown): number;
}
