const TEXT_FINAL = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A whole unmasked WebSocket text frame (RFC 6455, 5.2), in one allocation. */
export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_FINAL;
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header, 'utf8');
  return frame;
}

/** A ping without a payload. */
export const PING_FRAME = Buffer.from([0x89, 0x00]);
