import { expect } from '@jest/globals';
import { until } from '../support/bounded.js';
import type { Member, Place, Tokens } from '../support/people.js';
import type { Frame } from '../support/ws-client.js';

const PAGE = 200;

interface Stored {
  readonly id: string;
  readonly seq: number;
  readonly data: string;
}

/** What somebody said in the lobby, and what the service answered. Kept outside of the service. */
export class Ledger {
  /** Texts by their ref. */
  readonly said = new Map<string, string>();
  /** The first Ack of each ref. */
  readonly acked = new Map<string, Frame>();
  /** The codes of all Rejects. */
  readonly refusals: string[] = [];

  constructor(
    private member: Member,
    private readonly name: string,
  ) {}

  /** Goes on over another connection. */
  move(member: Member): void {
    this.member = member;
  }

  /** Says so many new things at once. @returns the answers, in the order of the messages */
  async say(count: number, filler = ''): Promise<readonly Frame[]> {
    const refs = Array.from({ length: count }, () => {
      const ref = `${this.name}-${String(this.said.size + 1)}`;
      this.said.set(ref, `said under ${ref}${filler}`);
      return ref;
    });
    return await this.send(refs);
  }

  /** Says again what was not acknowledged. @returns the answers */
  async repeat(): Promise<readonly Frame[]> {
    return await this.send([...this.said.keys()].filter((ref) => !this.acked.has(ref)));
  }

  /** Looks into the log: what was acknowledged stands there once, all else at most once. */
  async expectKept(place: Place): Promise<void> {
    const log = await readLog(place, this.member.tokens);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1));
    for (const [ref, text] of this.said) {
      const found = log.filter(({ data }) => data === text);
      const ack = this.acked.get(ref);
      if (ack) expect(found).toMatchObject([{ id: ack.id, seq: ack.seq }]);
      else expect(found.length).toBeLessThanOrEqual(1);
    }
  }

  private async send(refs: readonly string[]): Promise<readonly Frame[]> {
    for (const ref of refs) this.member.socket.send({ type: 2, data: this.said.get(ref), ref });
    const answers: Frame[] = [];
    for (const ref of refs) {
      const answer = await this.member.socket.next((frame) => frame.ref === ref);
      answers.push(answer);
      if (answer.type === 6) this.acked.set(ref, this.acked.get(ref) ?? answer);
      else this.refusals.push(answer.code ?? '');
    }
    return answers;
  }
}

/** The whole lobby, over HTTP. */
export async function readLog(place: Place, reader: Tokens): Promise<readonly Stored[]> {
  const log: Stored[] = [];
  for (;;) {
    const after = String(log.length);
    const path = `/rooms/lobby/messages?after=${after}&limit=${String(PAGE)}`;
    const headers = { authorization: `Bearer ${reader.access_token}` };
    const response = await fetch(place.url + path, { headers });
    expect(response.status).toBe(200);
    const { items } = (await response.json()) as { items: readonly Stored[] };
    log.push(...items);
    if (items.length < PAGE) return log;
  }
}

/** Resolves when the service says of itself that it is, or is not, ready. */
export async function untilReadiness(place: Place, status: 200 | 503): Promise<void> {
  let seen = 0;
  const look = async (): Promise<true | null> => {
    seen = (await fetch(`${place.url}/health/ready`)).status;
    return seen === status ? true : null;
  };
  await until(look, `readiness ${String(status)}`, () => String(seen));
}
