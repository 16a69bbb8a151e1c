import { FrameType, type SyncCommand } from '@parley/protocol';
import type { Conversation } from './conversation.js';

/** What a Sync named. */
export interface Asked {
  readonly conversation: Conversation;
  /** Under which it was asked, where the conversation has got another name since. */
  readonly name: Conversation;
  readonly since: number;
}

/** Syncs without an answer, by their refs. */
export class PendingSyncs {
  private readonly asked = new Map<string, readonly Asked[]>();
  private counter = 0;

  /** @returns the frame that asks for what comes after these positions */
  add(positions: ReadonlyMap<Conversation, number>): SyncCommand {
    this.counter += 1;
    const ref = `sync-${String(this.counter)}`;
    const asked = [...positions].map(([name, since]) => ({ conversation: name, name, since }));
    this.asked.set(ref, asked);
    return { type: FrameType.Sync, data: Object.fromEntries(positions), ref };
  }

  /** @returns what that Sync named, which has its answer now; null: it is not one of these */
  take(ref: string | undefined): readonly Asked[] | null {
    const asked = this.asked.get(ref ?? '') ?? null;
    this.asked.delete(ref ?? '');
    return asked;
  }

  names(conversation: Conversation): boolean {
    const all = [...this.asked.values()].flat();
    return all.some((one) => one.conversation === conversation);
  }

  rename(was: Conversation, conversation: Conversation): void {
    for (const [ref, asked] of this.asked) {
      this.asked.set(
        ref,
        asked.map((one) => (one.conversation === was ? { ...one, conversation } : one)),
      );
    }
  }

  clear(): void {
    this.asked.clear();
  }
}
