import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { DirectWriter, writeBy } from './direct-writer.js';
import { proveDirectWrites } from './direct-writer-proof.js';
import { openPair, type SocketPair } from './socket-pair.js';

const PIECE = Buffer.alloc(60_000, 'x');

describe.each([
  ['to the socket', true],
  ['through the stream, where the Node did not prove itself', false],
])('A writer that writes %s [S54]', (_way, isDirect) => {
  let pair: SocketPair;
  let writer: DirectWriter;

  beforeEach(async () => {
    const proof = await proveDirectWrites();
    writeBy(isDirect && 'direct' in proof ? proof.direct : null);
    pair = await openPair();
    for (const socket of [pair.near, pair.far]) socket.on('error', () => undefined);
    writer = new DirectWriter(pair.near);
  });

  afterEach(() => {
    pair.near.destroy();
    pair.far.destroy();
    writeBy(null);
  });

  /** @returns how many pieces were written */
  function fillUp(): number {
    let count = 0;
    for (; writer.queuedBytes === 0; count++) writer.write(PIECE);
    return count;
  }

  async function read(socket: Socket, length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      chunks.push(chunk);
      left -= chunk.length;
    }
    return Buffer.concat(chunks);
  }

  it('writes at once what the kernel takes', async () => {
    writer.write(Buffer.from('hello'));
    expect(writer.queuedBytes).toBe(0);
    expect((await read(pair.far, 5)).toString()).toBe('hello');
  });

  it('keeps what a full buffer does not take, in order, and says when it is gone', async () => {
    const pieces = fillUp();
    const before = writer.queuedBytes;
    writer.write(Buffer.from('and more'));
    expect(writer.queuedBytes).toBe(before + 8);
    let isDrained = false;
    const drained = writer.drained().then(() => (isDrained = true));
    expect(isDrained).toBe(false);
    const bytes = await read(pair.far, pieces * PIECE.length + 8);
    await drained;
    expect(bytes.subarray(-8).toString()).toBe('and more');
    expect(bytes.subarray(0, -8).every((byte) => byte === PIECE[0])).toBe(true);
    expect(writer.queuedBytes).toBe(0);
  });

  it('ends the socket of a peer that is gone while something waits for it', async () => {
    fillUp();
    const closed = new Promise((resolve) => pair.near.once('close', resolve));
    const drained = writer.drained();
    pair.far.resetAndDestroy();
    await closed;
    await drained;
    expect(() => {
      writer.write(PIECE);
    }).not.toThrow();
    expect(writer.queuedBytes).toBe(0);
  });

  it('writes to what is no TCP socket as well', async () => {
    const [near, far] = duplexes();
    new DirectWriter(near as Socket).write(Buffer.from('hello'));
    expect(String(await once(far, 'data'))).toBe('hello');
  });
});

function duplexes(): [Duplex, Duplex] {
  const far = new Duplex({ read: () => undefined });
  const near = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      far.push(chunk);
      done();
    },
  });
  return [near, far];
}
