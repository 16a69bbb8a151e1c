import type { Faults } from './faults.js';
import { Changes, type Item } from './changes.js';
import { type Conversation, type Said, saidIn } from './message.js';

/** Where the service says that a message stands. */
export interface Place {
  readonly id: string;
  readonly seq: number;
}

/** What is known of one message, outside of the service. */
export interface Entry {
  readonly author: string;
  /** The device that sent it first. */
  readonly device: string;
  /** Rises with every message of the device. */
  readonly number: number;
  readonly conversation: Conversation;
  /** From the first Ack or delivery; all others must say the same. */
  place: Place | null;
  acknowledged: boolean;
  /** Another device sent it, too, or it was given up: it may stand anywhere among the others. */
  loose: boolean;
}

/** A number that a connection passed over. Right where it is the person's own message. */
export interface Hole {
  readonly person: string;
  readonly device: string;
}

/** A message as the service hands it out. */
export interface Told extends Place {
  readonly author: string;
  readonly conversation: Conversation;
  readonly text: unknown;
  /** When it was asked for (as `performance.now`): nothing that was deleted before is in it. */
  readonly since?: number;
  /** What else is said of it. */
  readonly item?: Item;
}

/** Keeps what was sent, and what the service has said of it since, over all of its lives. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  /** Messages that were acknowledged; each counts once. */
  acknowledged = 0;
  acks = 0;
  deliveries = 0;
  /** Refusals that said to try again. */
  postponed = 0;
  readonly changes: Changes;
  /** By conversation and number. */
  private readonly refs = new Map<string, string>();
  private readonly holes = new Map<string, Hole[]>();
  private awaited: { readonly count: number; readonly reached: () => void } | null = null;

  constructor(private readonly faults: Faults) {
    this.changes = new Changes(faults);
  }

  sent(ref: string, entry: Pick<Entry, 'author' | 'device' | 'number' | 'conversation'>): void {
    this.entries.set(ref, { ...entry, place: null, acknowledged: false, loose: false });
  }

  loosen(ref: string): void {
    const entry = this.entries.get(ref);
    if (entry) entry.loose = true;
  }

  ack(ref: string, place: Place): void {
    this.acks += 1;
    const entry = this.entries.get(ref);
    if (!entry) {
      this.faults.note('altered', `an Ack for ${ref}, which nobody sent`);
      return;
    }
    if (!entry.acknowledged) this.acknowledged += 1;
    entry.acknowledged = true;
    this.claim(ref, entry, place);
    if (this.awaited && this.acknowledged >= this.awaited.count) this.awaited.reached();
  }

  /** @returns what is known of the message; null where there is no such */
  told(message: Told): Entry | null {
    this.deliveries += 1;
    const { author, conversation, seq, since = 0, item } = message;
    const where = `${conversation} #${seq}`;
    const isGone = item?.deleted !== undefined && message.text === '';
    const said = isGone ? this.saidAt(conversation, seq) : saidIn(message.text);
    const ref = said?.ref ?? null;
    const entry = ref === null ? undefined : this.entries.get(ref);
    if (said !== null && isGone) this.changes.judgeGone(said.ref, where);
    else if (said !== null) this.changes.judgeText(said.ref, said.edits, since, where);
    if (ref === null || entry?.author !== author || entry.conversation !== conversation) {
      this.faults.note('altered', `${conversation} #${seq} by ${author}`);
      return null;
    }
    this.claim(ref, entry, message);
    return entry;
  }

  /** The message that is known to stand there. */
  refAt(conversation: Conversation, seq: number): string | null {
    return this.refs.get(`${conversation} ${seq}`) ?? null;
  }

  hole(conversation: Conversation, seq: number, hole: Hole): void {
    this.holes.set(`${conversation} ${seq}`, [...this.holesAt(conversation, seq), hole]);
  }

  holesAt(conversation: Conversation, seq: number): readonly Hole[] {
    return this.holes.get(`${conversation} ${seq}`) ?? [];
  }

  /** Resolves when so many more messages are acknowledged, or it takes too long. */
  async more(count: number, milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.awaited = { count: this.acknowledged + count, reached: resolve };
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
    this.awaited = null;
  }

  private saidAt(conversation: Conversation, seq: number): Said | null {
    const ref = this.refAt(conversation, seq);
    return ref === null ? null : { ref, edits: 0 };
  }

  private claim(ref: string, entry: Entry, { id, seq }: Place): void {
    entry.place ??= { id, seq };
    this.refs.set(`${entry.conversation} ${entry.place.seq}`, ref);
    if (entry.place.id !== id || entry.place.seq !== seq) {
      const before = `${entry.place.id} #${entry.place.seq}`;
      this.faults.note('moved', `${ref} is ${before} and ${id} #${seq}`);
    }
  }
}
