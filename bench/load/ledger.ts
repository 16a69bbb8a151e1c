import { Histogram } from './histogram.js';
import type { Member, Witness } from './member.js';
import { TAG_LIMIT } from './tag.js';
import { Tally } from './tally.js';

/** Records latencies (ms), and when deliveries came. */
export interface Recorder {
  record(ms: number, now: number): void;
  clear(): void;
}

const CAPACITY = Math.min(4_000_000, TAG_LIMIT);

/**
 * Accounts for what was sent and received: every message must reach each of its readers exactly
 * once. Latency is recorded for sampled members only, from when a message was due (no coordinated
 * omission).
 */
export class Ledger implements Witness {
  readonly latency = new Histogram();
  readonly refLatency = new Histogram();
  deliveries = 0;
  refs = 0;
  sent = 0;
  completed = 0;
  onCompleted: (number: number) => void = () => undefined;
  onPause: (now: number) => void = () => undefined;
  /** Whether a message is complete only with the answer to its author. */
  private countsRefs = false;
  private readonly awaited = new Int32Array(CAPACITY);
  private readonly dueAt = new Float64Array(CAPACITY);
  private readonly recorders = new Map<Member, Recorder>();
  private readonly expected = new Map<Member, Tally>();
  private readonly expectedOfAll = new Tally();

  constructor(private readonly members: readonly Member[]) {
    for (const member of members) member.witness = this;
  }

  /** Enters a message to everybody. @returns its number */
  enterForAll(due: number): number {
    const number = this.enter(this.members.length, due);
    this.expectedOfAll.add(number);
    return number;
  }

  /** Enters a message to everybody but its author. @returns its number */
  enterForOthers(author: Member, due: number): number {
    const number = this.enter(this.members.length - 1, due);
    this.expectedOfAll.add(number);
    author.received.add(number);
    return number;
  }

  /** Enters a message to the members of a room. @returns its number */
  enterForRoom(readers: readonly Member[], due: number): number {
    const number = this.enter(readers.length, due);
    for (const reader of readers) this.tallyOf(reader).add(number);
    return number;
  }

  /** Enters a message to one reader, complete when its author has the answer, too. */
  enterForOne(reader: Member, due: number): number {
    this.countsRefs = true;
    const number = this.enter(2, due);
    this.tallyOf(reader).add(number);
    return number;
  }

  /** Enters a message that only its author gets an answer to. */
  enterForAuthor(author: Member, due: number): number {
    this.countsRefs = true;
    const number = this.enter(1, due);
    this.tallyOf(author).add(number);
    return number;
  }

  onText(member: Member, number: number, now: number): void {
    member.received.add(number);
    this.deliveries += 1;
    if (member.isSampled) {
      const ms = now - (this.dueAt[number] ?? 0);
      this.latency.record(ms);
      this.recorders.get(member)?.record(ms, now);
    }
    this.tick(number);
  }

  onRef(member: Member, number: number, now: number): void {
    this.refs += 1;
    if (!this.countsRefs) return;
    if (member.isSampled) this.refLatency.record(now - (this.dueAt[number] ?? 0));
    this.tick(number);
  }

  onRead(now: number): void {
    this.onPause(now);
  }

  /** Also records separately what comes to these members, as far as they are sampled. */
  recordApart(members: readonly Member[], recorder: Recorder): void {
    for (const member of members) this.recorders.set(member, recorder);
  }

  clearLatencies(): void {
    this.latency.clear();
    this.refLatency.clear();
    for (const recorder of this.recorders.values()) recorder.clear();
  }

  /** The readers of messages to everybody. */
  get readers(): readonly Member[] {
    return this.members;
  }

  /** Messages that have not reached all of their readers. */
  get outstanding(): number {
    return this.sent - this.completed;
  }

  /** @returns what is wrong; null where each message reached each reader exactly once */
  fault(): string | null {
    const lost = this.members.filter((member) => member.lost).length;
    if (lost > 0) return `${lost} connections were closed`;
    const wrong = this.members.filter(
      (member) => !member.received.equals(this.expectation(member)),
    );
    if (wrong.length > 0) return `${wrong.length} members lack messages or got some twice`;
    return null;
  }

  private enter(readers: number, due: number): number {
    const number = this.sent;
    if (number >= CAPACITY) throw new RangeError('the ledger is full');
    this.awaited[number] = readers;
    this.dueAt[number] = due;
    this.sent += 1;
    return number;
  }

  private tick(number: number): void {
    const left = (this.awaited[number] ?? 0) - 1;
    this.awaited[number] = left;
    if (left !== 0) return;
    this.completed += 1;
    this.onCompleted(number);
  }

  private expectation(member: Member): Tally {
    return this.expected.size > 0 ? this.tallyOf(member) : this.expectedOfAll;
  }

  private tallyOf(member: Member): Tally {
    const known = this.expected.get(member);
    if (known) return known;
    const fresh = new Tally();
    this.expected.set(member, fresh);
    return fresh;
  }
}
