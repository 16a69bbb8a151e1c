import { describe, expect, it } from '@jest/globals';
import { clientFrame, Opcode, walkFrames } from './frames.js';

function serverFrame(payload: string): Buffer {
  const body = Buffer.from(payload);
  if (body.length < 126) return Buffer.concat([Buffer.of(0x81, body.length), body]);
  if (body.length < 65_536) {
    const header = Buffer.of(0x81, 126, body.length >> 8, body.length & 255);
    return Buffer.concat([header, body]);
  }
  const header = Buffer.of(0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0);
  header.writeUInt32BE(body.length, 6);
  return Buffer.concat([header, body]);
}

function walk(bytes: Buffer): { payloads: string[]; rest: number } {
  const payloads: string[] = [];
  const onFrame = (_bytes: Uint8Array, start: number, end: number): void => {
    payloads.push(bytes.toString('utf8', start, end));
  };
  return { rest: walkFrames(bytes, 0, bytes.length, { onFrame }), payloads };
}

describe('walkFrames', () => {
  const payloads = [
    '',
    'short',
    'm'.repeat(125),
    'm'.repeat(126),
    'm'.repeat(300),
    'l'.repeat(70_000),
  ];

  it('finds frames of every kind of length', () => {
    const bytes = Buffer.concat(payloads.map(serverFrame));
    expect(walk(bytes)).toEqual({ payloads, rest: bytes.length });
  });

  it.each([1, 2, 3, 5, 9, 11])('stops before a frame of which %d bytes are there', (count) => {
    const whole = serverFrame('short');
    const long = serverFrame('l'.repeat(70_000));
    const bytes = Buffer.concat([whole, long.subarray(0, count)]);
    expect(walk(bytes)).toEqual({ payloads: ['short'], rest: whole.length });
  });
});

describe('clientFrame', () => {
  it('masks the payload', () => {
    const frame = clientFrame('hello');
    expect(frame.subarray(0, 2)).toEqual(Buffer.of(0x81, 0x85));
    const mask = frame.subarray(2, 6);
    const body = frame.subarray(6).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    expect(Buffer.from(body).toString()).toBe('hello');
  });

  it('tells a length above 125 in two more bytes', () => {
    const frame = clientFrame('m'.repeat(300), Opcode.binary);
    expect(frame.subarray(0, 4)).toEqual(Buffer.of(0x82, 0xfe, 1, 44));
    expect(frame.length).toBe(308);
  });
});
