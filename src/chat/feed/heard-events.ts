import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent } from '../log/event.js';

/** Events of all conversations together, and the UTF-16 units of what they say. */
const MOST_EVENTS = 5_000;
const MOST_UNITS = 4_000_000;

interface Tail {
  readonly conversation: ConversationKey;
  /** Without a gap. */
  readonly events: ChatEvent[];
}

/**
 * What was just said, so that a follower need not read it again: of each conversation the latest events,
 * without a gap. There is a bound on all of them together: what was kept longest makes room, but not what
 * somebody holds, and what is not here is in the log.
 */
export class HeardEvents {
  private readonly tails = new Map<ConversationKey, Tail>();
  /** Those that nobody holds. */
  private readonly loose = new Set<Tail>();
  private count = 0;
  private units = 0;

  constructor(
    private readonly most = MOST_EVENTS,
    private readonly mostUnits = MOST_UNITS,
  ) {}

  get size(): number {
    return this.count;
  }

  /** Of one conversation in the order of their numbers; where one is missing, it begins anew. */
  add(event: ChatEvent): void {
    const { conversation, seq, body } = event;
    const before = this.tails.get(conversation);
    const last = before?.events.at(-1)?.seq ?? seq - 1;
    if (seq <= last) return;
    if (before !== undefined && seq > last + 1) {
      // What is held counts until it is let go.
      if (!this.loose.has(before)) return;
      this.forget(before);
    }
    if (!this.makeRoom(body.length)) return;
    const tail = this.tails.get(conversation) ?? this.begin(conversation);
    tail.events.push(event);
    this.count++;
    this.units += body.length;
  }

  /**
   * The events that follow `position`, held until {@link letGo}.
   * @returns null where the next one is not here
   */
  hold(
    conversation: ConversationKey,
    position: number,
    limit: number,
  ): readonly ChatEvent[] | null {
    const tail = this.tails.get(conversation);
    const [first] = tail?.events ?? [];
    if (tail === undefined || first === undefined || first.seq > position + 1) return null;
    const from = position + 1 - first.seq;
    const events = tail.events.slice(from, from + limit);
    if (events.length === 0) return null;
    this.loose.delete(tail);
    return events;
  }

  /** Those up to `position` are done with. */
  letGo(conversation: ConversationKey, position: number): void {
    const tail = this.tails.get(conversation);
    if (tail === undefined) return;
    const above = tail.events.findIndex(({ seq }) => seq > position);
    this.remove(tail, above < 0 ? tail.events.length : above);
    if (tail.events.length === 0) this.forget(tail);
    else this.loose.add(tail);
  }

  clear(): void {
    this.tails.clear();
    this.loose.clear();
    [this.count, this.units] = [0, 0];
  }

  private begin(conversation: ConversationKey): Tail {
    const tail: Tail = { conversation, events: [] };
    this.tails.set(conversation, tail);
    this.loose.add(tail);
    return tail;
  }

  /** @returns whether one more with so many units may be kept */
  private makeRoom(units: number): boolean {
    const isFull = (): boolean => this.count >= this.most || this.units + units > this.mostUnits;
    for (const tail of this.loose) {
      if (!isFull()) break;
      this.forget(tail);
    }
    return !isFull();
  }

  private forget(tail: Tail): void {
    this.remove(tail, tail.events.length);
    this.tails.delete(tail.conversation);
    this.loose.delete(tail);
  }

  private remove(tail: Tail, count: number): void {
    for (const { body } of tail.events.splice(0, count)) this.units -= body.length;
    this.count -= count;
  }
}
