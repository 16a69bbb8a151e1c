import type { Pass, Peer, Recovery } from '../peers/peer.js';
import { Member, type Witness } from './member.js';

/** Longest delay before a failed connection is retried. */
const LONGEST_PAUSE_MS = 500;
const MOST_TRIES = 20;

/**
 * A client that reconnects to a room with one author: it asks for what it missed, and must get
 * everything once and in order.
 */
export class Returner implements Witness {
  /** Messages received without a gap from the first on. */
  have = 0;
  /** Messages that came twice, or out of order, after it had caught up. */
  wrong = 0;
  /** Connections that failed. */
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

  /** @returns when everything missed was received, by `performance.now()` */
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
    // What comes before it asks comes again with the answer.
    else if (this.isCaughtUp) this.wrong += 1;
  }

  onOther(_member: Member, head: string, now: number): void {
    if (this.isCaughtUp || !this.recovery.isAnswer(head)) return;
    this.isCaughtUp = true;
    this.catchUp(now);
  }

  onRef(): void {
    // It sends nothing, so nothing of its own is answered.
  }

  onRead(): void {
    // Of no interest here.
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

/** @returns what is wrong; null where each has received everything, once and in order */
export function faultOf(crowd: readonly Returner[], sent: number): string | null {
  const behind = crowd.filter(({ have }) => have !== sent).length;
  const wrong = crowd.reduce((sum, one) => sum + one.wrong, 0);
  if (behind === 0 && wrong === 0) return null;
  return `${behind} clients lack messages, ${wrong} came twice or out of order`;
}
