import { FrameType, REFUSAL_CODES, type RefusalCode } from '@parley/protocol';
import type { Frame } from '../support/ws-client.js';
import { close, Opcode, text } from './frames.js';
import { enterByHand } from './handshake.js';
import { CANARY, corruptedFrame, oddFrame, soundFrames } from './mutations.js';
import { Oracle, type Verdict } from './oracle.js';
import type { Random } from './random.js';
import { Wire } from './wire.js';

const MOST_FRAMES = 64;
/** The service's defaults. */
const BOUNDS = { message: 65_536, fragments: 256 };
/** Closes that what a frame says can bring about, whatever the oracle thinks of its form. */
const BY_CONTENT: readonly (number | null)[] = [1008, 4401];

const CODES: ReadonlySet<string> = new Set<RefusalCode>(
  REFUSAL_CODES.filter((code) => code !== 'internal'),
);

/** What is said, and answers without a word of what was wrong. */
const HARMLESS: ReadonlySet<number> = new Set(
  Object.values(FrameType).filter((type) => type !== FrameType.Error && type !== FrameType.Reject),
);

/** What came of one connection. */
export interface Played {
  readonly frames: number;
  /** How it ended: the code of the service's Close; `none` where the Close had no code. */
  readonly end: string;
}

/** What the client of one connection has sent and seen. */
class Session {
  private readonly oracle = new Oracle(BOUNDS);
  private readonly sent: Buffer[] = [];
  private verdict: Verdict = { state: 'open' };
  private pongs = 0;

  constructor(private readonly wire: Wire) {}

  send(bytes: Buffer): Verdict {
    this.sent.push(bytes);
    this.wire.write(bytes);
    this.verdict = this.oracle.push(bytes);
    return this.verdict;
  }

  /** Reads to the end, and holds all that comes against what must come. */
  async finish(): Promise<string> {
    const done = `done-${this.sent.length}`;
    this.send(text(JSON.stringify({ type: 1, ref: done })));
    if (this.verdict.state === 'hungry') this.wire.end();
    for (;;) {
      const served = await this.wire.frame();
      if (served === null) return this.cut();
      if (served.opcode === Opcode.Close) return this.closed(served.payload);
      if (served.opcode === Opcode.Pong) this.echoed(served.payload);
      if (served.opcode !== Opcode.Text) continue;
      const frame = JSON.parse(served.payload.toString()) as Frame;
      checkAnswer(frame);
      if (frame.ref === done) this.send(close(1000));
    }
  }

  /** All that was sent, to be looked at after a failure. */
  hex(): string {
    return this.sent.map((bytes) => bytes.toString('hex').slice(0, 2_000)).join('\n');
  }

  private echoed(payload: Buffer): void {
    const wanted = this.oracle.pings[this.pongs++];
    hold(wanted?.equals(payload) ?? false, 'pongs with the payloads of the pings, in order');
  }

  private cut(): string {
    hold(this.verdict.state === 'hungry', 'a Close before the end of the connection');
    return 'cut';
  }

  private closed(payload: Buffer): string {
    const code = payload.length === 0 ? null : payload.readUInt16BE(0);
    const wanted = this.verdict.state === 'over' ? [this.verdict.code] : [];
    const possible = [...wanted, ...(this.oracle.texts > 0 ? BY_CONTENT : [])];
    hold(possible.includes(code), `close ${possible.join(' or ')}, not ${code ?? 'none'}`);
    this.wire.end();
    return String(code ?? 'none');
  }
}

/** Opens a connection, sends it what is not as it should be, and judges every answer. */
export async function play(port: number, token: string, random: Random): Promise<Played> {
  const wire = new Wire(port);
  await enterByHand(wire, token);
  const session = new Session(wire);
  const make = random.chance(0.35) ? soundFrames : random.pick([corruptedFrame, oddFrame]);
  const most = 1 + random.below(MOST_FRAMES);
  let frames = 0;
  try {
    while (frames++ < most && session.send(make(random)).state !== 'over');
    const end = await session.finish();
    await wire.ended();
    return { frames: Math.min(frames, most), end };
  } catch (error) {
    throw new Error(`${String(error)}\nafter these frames:\n${session.hex()}`, { cause: error });
  } finally {
    wire.destroy();
  }
}

/**
 * Whatever was asked, the answer is one of the protocol and holds nothing of what was sent but the
 * client's own ref.
 */
function checkAnswer({ ref, ...answer }: Frame): void {
  if (HARMLESS.has(answer.type)) return;
  const isKnown = answer.type === FrameType.Error || answer.type === FrameType.Reject;
  const json = JSON.stringify(answer);
  hold(isKnown && CODES.has(answer.code ?? ''), `an answer of the protocol, not ${json}`);
  hold(!json.includes(CANARY), `nothing of what was sent in ${json}`);
  hold(ref === undefined || ref.length <= 64, 'a ref of at most 64 characters');
}

/** As `expect`, which takes too long for every frame. */
function hold(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`expected ${what}`);
}
