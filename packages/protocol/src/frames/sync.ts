import type { Command } from '../command.js';

export const SYNC = 8;

/**
 * "I have everything up to here." What was missed comes as ordinary frames, and then a
 * {@link SyncFrame} closes it.
 */
export interface SyncCommand extends Command {
  readonly type: typeof SYNC;
  /**
   * The highest `seq` that the client has, by conversation: a room's name, or `@` and the other
   * person's name. At most 200; none is fine.
   */
  readonly data: Readonly<Record<string, number>>;
}

/** How a Sync ended for one conversation. */
export interface SyncOutcome {
  /** The highest number that the client has now, or could page to. Below what it had: a log that was restored. */
  readonly seq: number;
  /** False: too much was missed and none of it was sent; page over HTTP from `after`. */
  readonly complete: boolean;
  readonly after?: number;
  /** The first number that the person may see, where the client asked for earlier ones: no gap. */
  readonly from?: number;
}

/** Ends the messages that a Sync asked for. */
export interface SyncFrame {
  readonly type: typeof SYNC;
  readonly ref?: string;
  /** By conversation: those that were named, and private ones that held something undelivered. */
  readonly data: Readonly<Record<string, SyncOutcome>>;
  /** Further private conversations hold something undelivered: another Sync brings them. */
  readonly more?: true;
}
