import type { ConversationKey } from '../conversations/key.js';

/** The right to follow the log under a name, as long as nobody else has been given it. */
export interface Claim {
  readonly follower: string;
  /** Rises whenever the claim goes to another holder. */
  readonly epoch: number;
}

export interface ClaimRequest {
  readonly follower: string;
  /** Who asks: unique over all nodes and all their starts. */
  readonly holder: string;
  /** Milliseconds since the epoch, by a clock that all nodes share. */
  readonly now: number;
  /** So long the claim stays with its holder where it is not asked for again (ms). */
  readonly leaseMs: number;
}

/** What was handled of one conversation: the events above `from`, up to and including `to`. */
export interface Advance {
  readonly conversation: ConversationKey;
  readonly from: number;
  readonly to: number;
}

/** A conversation that has events which a follower has not handled. */
export interface Behind {
  readonly conversation: ConversationKey;
  /** The number up to which it was handled. */
  readonly position: number;
  readonly head: number;
}

/** A part of a round through all conversations. */
export interface BehindPage {
  readonly items: readonly Behind[];
  /** Where the round goes on; null: it is over. */
  readonly next: number | null;
}

/**
 * Up to where each follower has handled each conversation, and who may follow under its name.
 *
 * A follower is there from `register` on. At any time one holder at most has its claim: it is given to
 * whoever asks first, again to the same holder, and to another one when it was given up or its lease is
 * over. With each new holder the epoch rises, and `advance` does nothing for an earlier epoch, so that
 * a holder that was thought dead moves nothing.
 *
 * Cursors that were advanced are durable by the next append at the latest: one that a crash sets back
 * brings events again, never none. All else is on disk when it resolves. Reads see every append and
 * every change that has resolved.
 */
export abstract class FollowerCursors {
  /**
   * Makes a follower where there is none of that name; else it stays as it is.
   * @param follower 1 to 64 characters
   * @param from `first`: it gets every event there ever was. `next`: of each conversation what is
   *   stored after some moment between the call and its end.
   */
  abstract register(follower: string, from: 'first' | 'next'): Promise<void>;

  /**
   * Sets all cursors of a follower back to before the first event, and takes its claim from whoever has it:
   * whoever is given it next begins anew. Where it rejects a part is left: it can be called again.
   */
  abstract reset(follower: string): Promise<void>;

  /** Deletes a follower and its cursors. Where it rejects a part is left: it can be called again. */
  abstract remove(follower: string): Promise<void>;

  /** @returns the claim; null where another holder has it, or there is no such follower */
  abstract claim(request: ClaimRequest): Promise<Claim | null>;

  /** Gives a claim up: the next one to ask is given it. Does nothing where it has passed on. */
  abstract release(claim: Claim): Promise<void>;

  /** Up to where a conversation was handled; 0: nothing of it was. */
  abstract position(follower: string, conversation: ConversationKey): Promise<number>;

  /**
   * Moves cursors forward, each only where it still stands at `from`.
   * @param advances at most 100, of different conversations
   * @returns the conversations whose cursors were moved
   */
  abstract advance(
    claim: Claim,
    advances: readonly Advance[],
  ): Promise<ReadonlySet<ConversationKey>>;

  /**
   * Sets a cursor back or forward, whoever has the claim: what is above it is handled (again).
   * @param position not above the head, which is taken for it then
   */
  abstract rewind(follower: string, conversation: ConversationKey, position: number): Promise<void>;

  /**
   * The conversations in which a follower is behind, in rounds through all of them.
   * @param after 0, or `next` of the page before
   */
  abstract behind(follower: string, after: number): Promise<BehindPage>;
}
