import type { Faults } from './faults.js';
import type { Told } from './ledger.js';
import type { Conversation } from './message.js';

/** Holds what the first messages of threads say of them against the replies in a history. */
export class Threads {
  private readonly said = new Map<number, number>();
  private readonly found = new Map<number, number>();

  constructor(
    private readonly conversation: Conversation,
    private readonly faults: Faults,
  ) {}

  take({ seq, item }: Told): void {
    const thread = item?.thread;
    if (typeof thread === 'object') this.said.set(seq, thread.count);
    if (typeof thread !== 'number') return;
    const isThere = item?.deleted === undefined;
    this.found.set(thread, (this.found.get(thread) ?? 0) + (isThere ? 1 : 0));
  }

  compare(): void {
    for (const root of new Set([...this.said.keys(), ...this.found.keys()])) {
      const [said = 0, found = 0] = [this.said.get(root), this.found.get(root)];
      if (said === found) continue;
      const fault = said < found ? 'lost' : 'duplicated';
      this.faults.note(
        fault,
        `${this.conversation} #${root} has ${found} replies, and says ${said}`,
      );
    }
  }
}
