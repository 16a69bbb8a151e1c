/** RFC 6455, 5.2. */
export const Opcode = {
  Continuation: 0,
  Text: 1,
  Binary: 2,
  Close: 8,
  Ping: 9,
  Pong: 10,
} as const;

/** Which of the three forms of the length a frame uses, by its bits. */
export type LengthForm = 7 | 16 | 64;

/** A frame of a client, with all that may be wrong about it. */
export interface FrameShape {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly fin?: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv?: number;
  /** Four bytes; null leaves the frame unmasked. */
  readonly mask?: Buffer | null;
  /** Without it the shortest that fits. */
  readonly form?: LengthForm;
  /** The length that the header claims, where it is not that of the payload. */
  readonly claims?: bigint;
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export function frame(shape: FrameShape): Buffer {
  const payload = Buffer.from(shape.payload ?? '');
  const mask = shape.mask === undefined ? MASK : shape.mask;
  const first = (shape.fin === false ? 0 : 0x80) | ((shape.rsv ?? 0) << 4) | shape.opcode;
  const length = shape.claims ?? BigInt(payload.length);
  const head = encodeLength(length, shape.form ?? shortestForm(length), mask !== null);
  return Buffer.concat([
    Buffer.from([first]),
    head,
    mask ?? Buffer.alloc(0),
    mask === null ? payload : masked(payload, mask),
  ]);
}

export function text(payload: Buffer | string): Buffer {
  return frame({ opcode: Opcode.Text, payload });
}

export function ping(payload: Buffer | string = ''): Buffer {
  return frame({ opcode: Opcode.Ping, payload });
}

export function close(code: number, reason: Buffer | string = ''): Buffer {
  return frame({ opcode: Opcode.Close, payload: closePayload(code, reason) });
}

export function closePayload(code: number, reason: Buffer | string = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}

/** One message in several frames. */
export function fragments(opcode: number, parts: readonly (Buffer | string)[]): readonly Buffer[] {
  return parts.map((payload, at) =>
    frame({
      opcode: at === 0 ? opcode : Opcode.Continuation,
      fin: at === parts.length - 1,
      payload,
    }),
  );
}

/** Every byte on its own. */
export function chopped(bytes: Buffer): readonly Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

export function masked(payload: Buffer, mask: Buffer): Buffer {
  const bytes = Buffer.from(payload);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return bytes;
}

function shortestForm(length: bigint): LengthForm {
  if (length < 126n) return 7;
  return length < 65_536n ? 16 : 64;
}

function encodeLength(length: bigint, form: LengthForm, isMasked: boolean): Buffer {
  const flag = isMasked ? 0x80 : 0;
  if (form === 7) return Buffer.from([flag | Number(length & 0x7fn)]);
  const bytes = Buffer.alloc(form === 16 ? 3 : 9);
  bytes[0] = flag | (form === 16 ? 126 : 127);
  if (form === 16) bytes.writeUInt16BE(Number(length & 0xffffn), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}
