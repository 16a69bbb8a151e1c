import type { Pass, Peer, Recovery } from '../peers/peer.js';
import { Member, type Witness } from './member.js';

/** What a client waits before it tries again where a connection did not come about. */
const LONGEST_PAUSE_MS = 500;
const MOST_TRIES = 20;

/**
 * A client of a room in which one author speaks, over several connections: it comes back, asks for
 * what it missed, and must have had everything once and in order.
 */
export class Returner implements Witness {
  /** Messages that it has, from the first on, without a gap. */
  have = 0;
  /** Messages that came twice, or before earlier ones, when it had caught up. */
  wrong = 0;
  /** Connections that did not come about. */
  failures = 0;
  lastFailure: string | null = null;
  member: Member | null = null;
  private isCaughtUp = false;
  private catchUp: (now: number) => void = () => undefined;
  private readonly recovery: Recovery;
  private readonly peer: Peer;

  constructor(
    peer: Peer,
    private readonly pass: Pass,
    private readonly port: number,
  ) {
    if (!peer.recovery) throw new Error(`${peer.title} brings nobody what was missed`);
    this.recovery = peer.recovery;
    this.peer = { ...peer, upgrade: (one) => this.recovery.upgrade(one) };
  }

  /** @returns when everything that was missed was there, in milliseconds of `performance.now()` */
  async come(): Promise<number> {
    this.isCaughtUp = false;
    const caughtUp = new Promise<number>((resolve) => (this.catchUp = resolve));
    const member = await this.connect();
    this.member = member;
    member.witness = this;
    member.send(this.recovery.ask(this.have));
    return await caughtUp;
  }

  onText(_member: Member, number: number): void {
    if (number === this.have) this.have += 1;
    // What comes before the question was asked comes again with the answer.
    else if (this.isCaughtUp) this.wrong += 1;
  }

  onOther(_member: Member, head: string, now: number): void {
    if (this.isCaughtUp || !this.recovery.isAnswer(head)) return;
    this.isCaughtUp = true;
    this.catchUp(now);
  }

  onRef(): void {
    // It says nothing, so that nothing of its own is answered.
  }

  onRead(): void {
    // What one read brings is of no interest here.
  }

  private async connect(): Promise<Member> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await Member.open(this.peer, this.pass, this.port);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        this.failures += 1;
        this.lastFailure = error instanceof Error ? error.message : 'unknown';
        const pause = Math.random() * LONGEST_PAUSE_MS;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

/** @returns what is wrong, or null where each has had all that was sent, once and in order */
export function faultOf(crowd: readonly Returner[], sent: number): string | null {
  const behind = crowd.filter(({ have }) => have !== sent).length;
  const wrong = crowd.reduce((sum, one) => sum + one.wrong, 0);
  if (behind === 0 && wrong === 0) return null;
  return `${behind} clients lack messages, ${wrong} came twice or out of order`;
}
