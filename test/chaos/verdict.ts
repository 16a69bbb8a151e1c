import type { Crowd } from './crowd.js';
import type { Faults } from './faults.js';
import type { Entry, Hole, Ledger, Told } from './ledger.js';
import { type Conversation, conversationOf, LOBBY } from './message.js';

/** What became of the messages that nobody knows the fate of but the history. */
export interface Unanswered {
  readonly stored: number;
  readonly notStored: number;
}

/** Holds what the service has kept against the ledger. */
export class Verdict {
  private readonly found = new Set<Entry>();
  /** The last number of each conversation. */
  private readonly heads = new Map<Conversation, number>();

  constructor(
    private readonly ledger: Ledger,
    private readonly faults: Faults,
  ) {}

  get stored(): number {
    return this.found.size;
  }

  /** Reads everything, and looks at everything that was sent. */
  async reach(crowd: Crowd): Promise<Unanswered> {
    for (const { name, history, me } of crowd.histories()) {
      const conversation = name.startsWith('@') ? conversationOf(me, name.slice(1)) : name;
      await this.hold(conversation, history.read(name));
    }
    for (const talker of crowd.everybody) {
      for (const [, conversation, last] of talker.positions()) {
        const head = this.heads.get(conversation) ?? 0;
        if (last === head) continue;
        this.faults.note('gap', `${talker.device} has ${conversation} up to ${last} of ${head}`);
      }
    }
    return this.missing();
  }

  /** @param history the whole of a conversation */
  async hold(conversation: Conversation, history: AsyncIterable<Told>): Promise<void> {
    const lastOf = new Map<string, number>();
    let seq = 0;
    for await (const message of history) {
      seq += 1;
      if (message.seq !== seq) {
        this.faults.note('gap', `${conversation} has #${message.seq} where #${seq} should be`);
        seq = message.seq;
      }
      const entry = this.ledger.told(message);
      if (!entry) continue;
      const what = `${conversation} #${seq}, ${entry.device}.${entry.number}`;
      if (this.found.has(entry)) this.faults.note('duplicated', what);
      this.found.add(entry);
      if (!entry.loose) {
        if ((lastOf.get(entry.device) ?? 0) >= entry.number) this.faults.note('reordered', what);
        lastOf.set(entry.device, entry.number);
      }
      for (const hole of this.ledger.holesAt(conversation, seq)) {
        if (!isOwn(hole, entry)) this.faults.note('gap', `${hole.device} was not told ${what}`);
      }
    }
    this.heads.set(conversation, seq);
  }

  /** Looks for what was sent and not found. */
  missing(): Unanswered {
    let stored = 0;
    let notStored = 0;
    for (const [ref, entry] of this.ledger.entries) {
      const isFound = this.found.has(entry);
      if (!isFound && entry.place) {
        const how = entry.acknowledged ? 'acknowledged' : 'delivered';
        this.faults.note('lost', `${ref}, ${how} as ${entry.conversation} #${entry.place.seq}`);
      }
      if (entry.acknowledged) continue;
      if (isFound) stored += 1;
      else notStored += 1;
    }
    return { stored, notStored };
  }
}

/** The socket that says something in private gets the Ack in its place, perhaps too late. */
function isOwn(hole: Hole, entry: Entry): boolean {
  const isSender = entry.device === hole.device || entry.loose;
  return entry.conversation !== LOBBY && entry.author === hole.person && isSender;
}
