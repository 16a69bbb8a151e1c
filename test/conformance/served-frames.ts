import { Opcode } from './frames.js';

/** A frame of the service. */
export interface ServedFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(Opcode));

/**
 * Reads what the service writes, as strictly as the RFC allows: every frame whole, unmasked,
 * without reserved bits, in the shortest form, in valid UTF-8, and none after a Close.
 */
export class ServedFrames {
  private bytes = Buffer.alloc(0);
  private isClosed = false;

  /**
   * @returns the frames that are complete with these bytes
   * @throws Error where the service breaks the protocol
   */
  push(chunk: Buffer): readonly ServedFrame[] {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const frames: ServedFrame[] = [];
    for (let frame = this.shift(); frame !== null; frame = this.shift()) frames.push(frame);
    return frames;
  }

  /** Whether the last frame is there as a whole. */
  get isComplete(): boolean {
    return this.bytes.length === 0;
  }

  private shift(): ServedFrame | null {
    const { bytes } = this;
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return null;
    const header = { 126: 4, 127: 10 }[second] ?? 2;
    if (bytes.length < header) return null;
    const length = lengthOf(bytes, header);
    if (bytes.length < header + length) return null;
    const frame = { opcode: first & 0x0f, payload: bytes.subarray(header, header + length) };
    this.check(frame, first, header);
    this.bytes = bytes.subarray(header + length);
    return frame;
  }

  private check({ opcode, payload }: ServedFrame, first: number, header: number): void {
    const faults = [
      this.isClosed && 'a frame after the Close',
      (first & 0xf0) !== 0x80 && 'a fragment or a reserved bit',
      !KNOWN.has(opcode) && 'an unknown opcode',
      opcode === Opcode.Binary && 'a binary frame',
      opcode >= Opcode.Close && payload.length > 125 && 'a long control frame',
      header === 4 && payload.length < 126 && 'a length that is not the shortest',
      header === 10 && payload.length < 65_536 && 'a length that is not the shortest',
      opcode === Opcode.Text && !isUtf8(payload) && 'a text that is not UTF-8',
    ].filter((fault) => fault !== false);
    if (faults.length > 0) throw new Error(`the service sent ${faults.join(', ')}`);
    if (opcode === Opcode.Close) this.isClosed = true;
  }
}

/** A masked frame has its length in the same place and one bit more: it comes out as huge. */
function lengthOf(bytes: Buffer, header: number): number {
  const second = bytes.readUInt8(1);
  if (second >= 0x80) throw new Error('the service sent a masked frame');
  if (header === 2) return second;
  return header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
}

/** Whether the bytes are a whole number of characters (Unicode 16, table 3-7). */
export function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
