import type { Peer } from '../peers/peer.js';
import { Histogram } from './histogram.js';
import type { Member, Witness } from './member.js';
import { taggedRef, taggedText } from './tag.js';

const SAY_EVERY_MS = 50;

/** Sends a message every now and then, and records how long its Ack takes. */
export class Talk implements Witness {
  private times = new Histogram();
  private readonly saidAt = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;
  private number = 0;

  constructor(
    private readonly peer: Peer,
    private readonly member: Member,
  ) {
    member.witness = this;
    this.timer = setInterval(() => {
      this.say();
    }, SAY_EVERY_MS);
  }

  onText(): void {
    // Deliveries to others are of no interest.
  }

  onRef(_member: Member, number: number, now: number): void {
    const saidAt = this.saidAt.get(number);
    if (saidAt === undefined) return;
    this.saidAt.delete(number);
    this.times.record(now - saidAt);
  }

  onRead(): void {
    // Each Ack is recorded by itself.
  }

  /** Times since the last call; a pending Ack counts with its time so far. */
  take(): Histogram {
    const { times } = this;
    const now = performance.now();
    for (const saidAt of this.saidAt.values()) times.record(now - saidAt);
    this.saidAt.clear();
    this.times = new Histogram();
    return times;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private say(): void {
    const number = ++this.number;
    this.saidAt.set(number, performance.now());
    this.member.send(this.peer.say(this.member.pass, taggedText(number), taggedRef(number)));
  }
}
