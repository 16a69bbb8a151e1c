import { masked, Opcode } from './frames.js';
import { isUtf8 } from './served-frames.js';

/** What the service may not go beyond. */
export interface Bounds {
  readonly message: number;
  readonly fragments: number;
}

/**
 * How a stream of frames stands: `open` between two frames, `hungry` within one, `over` with the
 * code that the service must close with; null where the client's own Close has none.
 */
export type Verdict =
  { readonly state: 'open' | 'hungry' } | { readonly state: 'over'; readonly code: number | null };

/** What the first two bytes of a frame tell. */
interface Start {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** The length, or 126 or 127 where it stands in the bytes that follow. */
  readonly length: number;
}

const HUNGRY: Verdict = { state: 'hungry' };
const OPEN: Verdict = { state: 'open' };
const MASK_SIZE = 4;
const MOST_OF_CONTROL = 125;
const KNOWN: ReadonlySet<number> = new Set(Object.values(Opcode));

/**
 * Reads what a client sends as RFC 6455 says that a server must, written for being evidently right
 * instead of fast: the fuzzer holds the service's answers against it.
 */
export class Oracle {
  private bytes = Buffer.alloc(0);
  private parts: Buffer[] | null = null;
  private opcode = 0;
  private verdict = OPEN;
  /** Text messages that the service has to answer. */
  texts = 0;
  /** Payloads of the pings that the service has to echo. */
  readonly pings: Buffer[] = [];

  constructor(private readonly bounds: Bounds) {}

  push(chunk: Buffer): Verdict {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    while (this.verdict.state !== 'over' && this.bytes.length > 0) {
      const before = this.bytes.length;
      this.verdict = this.step();
      if (this.bytes.length === before) break;
    }
    return this.verdict;
  }

  private step(): Verdict {
    const start = readStart(this.bytes);
    if (start === null) return HUNGRY;
    if (this.isBroken(start)) return over(1002);
    const extended = { 126: 2, 127: 8 }[start.length] ?? 0;
    if (this.bytes.length < 2 + extended) return HUNGRY;
    const length = readLength(this.bytes, start.length);
    if (start.opcode < Opcode.Close && this.gathered() + length > BigInt(this.bounds.message)) {
      return over(1009);
    }
    const payload = this.takePayload(2 + extended, Number(length));
    if (payload === null) return HUNGRY;
    return start.opcode >= Opcode.Close
      ? this.control(start.opcode, payload)
      : this.data(start, payload);
  }

  private isBroken({ fin, rsv, opcode, isMasked, length }: Start): boolean {
    if (rsv !== 0 || !isMasked || !KNOWN.has(opcode)) return true;
    if (opcode >= Opcode.Close) {
      return !fin || length > MOST_OF_CONTROL || (opcode === Opcode.Close && length === 1);
    }
    return (opcode === Opcode.Continuation) !== (this.parts !== null);
  }

  private takePayload(at: number, length: number): Buffer | null {
    const from = at + MASK_SIZE;
    if (this.bytes.length < from + length) return null;
    const payload = masked(this.bytes.subarray(from, from + length), this.bytes.subarray(at, from));
    this.bytes = this.bytes.subarray(from + length);
    return payload;
  }

  private gathered(): bigint {
    return BigInt((this.parts ?? []).reduce((sum, part) => sum + part.length, 0));
  }

  private control(opcode: number, payload: Buffer): Verdict {
    if (opcode === Opcode.Ping) this.pings.push(payload);
    if (opcode !== Opcode.Close) return OPEN;
    if (payload.length === 0) return over(null);
    const code = payload.readUInt16BE(0);
    if (!isCloseCode(code)) return over(1002);
    return over(isUtf8(payload.subarray(2)) ? code : 1007);
  }

  private data({ fin, opcode }: Start, payload: Buffer): Verdict {
    if (this.parts === null) {
      this.parts = [];
      this.opcode = opcode;
    }
    this.parts.push(payload);
    if (this.parts.length > this.bounds.fragments) return over(1008);
    if (!fin) return OPEN;
    const message = Buffer.concat(this.parts);
    this.parts = null;
    if (this.opcode === Opcode.Text && !isUtf8(message)) return over(1007);
    this.texts++;
    return OPEN;
  }
}

function readStart(bytes: Buffer): Start | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  return {
    fin: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 0x0f,
    isMasked: second >= 0x80,
    length: second & 0x7f,
  };
}

function readLength(bytes: Buffer, short: number): bigint {
  if (short === 127) return bytes.readBigUInt64BE(2);
  return BigInt(short === 126 ? bytes.readUInt16BE(2) : short);
}

function over(code: number | null): Verdict {
  return { state: 'over', code };
}

/** RFC 6455, 7.4, and the registry of IANA. */
function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}
