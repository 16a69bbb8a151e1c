/** Opcodes of RFC 6455. */
export const Opcode = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

export interface FrameSink {
  /** The payload is `bytes[start, end)` and only valid during the call. */
  onFrame(bytes: Uint8Array, start: number, end: number, opcode: number): void;
}

/**
 * Passes each whole frame of a server (unmasked, not fragmented) to the sink.
 * @returns where the first incomplete frame begins
 */
export function walkFrames(bytes: Uint8Array, start: number, end: number, sink: FrameSink): number {
  let at = start;
  while (end - at >= 2) {
    let length = bytes[at + 1] ?? 0;
    let body = at + 2;
    if (length === 126) {
      body = at + 4;
      if (body > end) break;
      length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    } else if (length === 127) {
      body = at + 10;
      if (body > end) break;
      length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 6);
    }
    if (body + length > end) break;
    sink.onFrame(bytes, body, body + length, (bytes[at] ?? 0) & 15);
    at = body + length;
  }
  return at;
}

/** A client's frame: whole and masked. The mask isn't random; servers can't tell. */
export function clientFrame(payload: string | Uint8Array, opcode: number = Opcode.text): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header = body.length < 126 ? 6 : 8;
  if (body.length > 65_535) throw new RangeError('the load client sends short frames only');
  const frame = Buffer.allocUnsafe(header + body.length);
  frame[0] = 0x80 | opcode;
  if (body.length < 126) {
    frame[1] = 0x80 | body.length;
  } else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(body.length, 2);
  }
  frame.set(MASK, header - 4);
  for (let at = 0; at < body.length; at += 1) {
    frame[header + at] = (body[at] ?? 0) ^ (MASK[at & 3] ?? 0);
  }
  return frame;
}
