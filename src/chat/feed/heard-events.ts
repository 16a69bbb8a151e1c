import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent } from '../log/event.js';

/** Events of all conversations together, and the UTF-16 units of what they say. */
const MOST_EVENTS = 5_000;
const MOST_UNITS = 4_000_000;

interface Tail {
  /** Without a gap. */
  events: ChatEvent[];
  isHeld: boolean;
}

/**
 * What was just said, so that a follower need not read it again: of each conversation the latest events,
 * without a gap. There is a bound on all of them together: what was kept longest makes room, but not what
 * somebody holds, and what is not here is in the log.
 */
export class HeardEvents {
  private readonly tails = new Map<ConversationKey, Tail>();
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
    const tail = this.tails.get(event.conversation);
    const last = tail?.events.at(-1)?.seq;
    if (last !== undefined && event.seq <= last) return;
    if (!this.makeRoom(event.body.length)) return;
    if (tail === undefined || !this.tails.has(event.conversation)) {
      this.tails.set(event.conversation, { events: [event], isHeld: false });
    } else if (last === undefined || event.seq === last + 1) {
      tail.events.push(event);
    } else {
      this.remove(tail, tail.events.length);
      tail.events.push(event);
    }
    this.count++;
    this.units += event.body.length;
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
    tail.isHeld = true;
    return events;
  }

  /** Those up to `position` are done with. */
  letGo(conversation: ConversationKey, position: number): void {
    const tail = this.tails.get(conversation);
    if (tail === undefined) return;
    tail.isHeld = false;
    const above = tail.events.findIndex(({ seq }) => seq > position);
    this.remove(tail, above < 0 ? tail.events.length : above);
    if (tail.events.length === 0) this.tails.delete(conversation);
  }

  clear(): void {
    this.tails.clear();
    [this.count, this.units] = [0, 0];
  }

  /** @returns whether one more with so many units may be kept */
  private makeRoom(units: number): boolean {
    const isFull = (): boolean => this.count >= this.most || this.units + units > this.mostUnits;
    for (const [conversation, tail] of this.tails) {
      if (!isFull()) break;
      if (tail.isHeld) continue;
      this.remove(tail, tail.events.length);
      this.tails.delete(conversation);
    }
    return !isFull();
  }

  private remove(tail: Tail, count: number): void {
    for (const { body } of tail.events.splice(0, count)) this.units -= body.length;
    this.count -= count;
  }
}
