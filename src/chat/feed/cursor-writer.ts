import type { ConversationKey } from '../conversations/key.js';
import type { Advance, Claim, FollowerCursors } from './follower-cursors.js';

/** Cursors in one statement. What is said meanwhile waits for it, in the thread that writes both. */
const MOST_TOGETHER = 32;

interface Waiting {
  readonly claim: Claim;
  readonly advance: Advance;
  readonly resolve: (isMoved: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Moves cursors, those together that wait while the last ones are written: one connection, and one
 * commit for up to 32. As many wait as there are conversations being worked on.
 */
export class CursorWriter {
  private readonly waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly cursors: Pick<FollowerCursors, 'advance'>) {}

  /**
   * @returns whether the cursor was moved: it stood at `from`, and the claim holds
   * @throws where the store fails, by rejection
   */
  advance(claim: Claim, advance: Advance): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ claim, advance, resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    for (let [first] = this.waiting; first !== undefined; [first] = this.waiting) {
      const { claim } = first;
      const other = this.waiting.findIndex((one) => one.claim.epoch !== claim.epoch);
      const most = other < 0 ? MOST_TOGETHER : Math.min(other, MOST_TOGETHER);
      const group = this.waiting.splice(0, most);
      await this.writeGroup(claim, group);
    }
    this.writing = false;
  }

  private async writeGroup(claim: Claim, group: readonly Waiting[]): Promise<void> {
    let moved: ReadonlySet<ConversationKey>;
    try {
      moved = await this.cursors.advance(
        claim,
        group.map(({ advance }) => advance),
      );
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const { advance, resolve } of group) resolve(moved.has(advance.conversation));
  }
}
