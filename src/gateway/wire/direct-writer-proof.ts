import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DirectWriter } from './direct-writer.js';
import { type DirectWrites, learnFrom, MOST_BYTES, PIECE, UnknownInside } from './socket-handle.js';
import { openPair, type SocketPair } from './socket-pair.js';

/** About fifteen milliseconds are enough on an idle machine. */
const PATIENCE_MS = 5_000;
/** A prime: no two pieces start at the same phase, so none can pass for another. */
const PERIOD = 65_521;
/** Pieces queued in libuv behind the one that did not fit. */
const QUEUED_PIECES = 4;

/** The result for this Node. */
export type Proof =
  | { readonly direct: DirectWrites }
  /** Why to write through the stream instead. */
  | { readonly reason: string };

/**
 * Tests on real sockets, with the very code that will be used, what that code relies on: bytes
 * arrive whole and in order over full buffers and partial writes, queued bytes are counted and
 * their completion reported, and a dead peer is noticed. Takes milliseconds. Never rejects.
 *
 * @param open opens the sockets
 */
export async function proveDirectWrites(
  open: () => Promise<SocketPair> = openPair,
  patienceMs = PATIENCE_MS,
): Promise<Proof> {
  const pairs: SocketPair[] = [];
  const opened = async (): Promise<SocketPair> => {
    const pair = await open();
    pairs.push(pair);
    // Errors of the sockets show in what is expected of them.
    for (const socket of [pair.near, pair.far]) socket.on('error', () => undefined);
    return pair;
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new UnknownInside('what was written did not arrive, or a dead peer was not noticed'));
    }, patienceMs);
  });
  try {
    return { direct: await Promise.race([proven(opened), late]) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  }
}

async function proven(open: () => Promise<SocketPair>): Promise<DirectWrites> {
  const direct = learnFrom((await open()).near);
  await keepsOrder(direct, await open());
  await noticesDeath(direct, await open(), { isFull: false });
  await noticesDeath(direct, await open(), { isFull: true });
  return direct;
}

async function keepsOrder(direct: DirectWrites, { near, far }: SocketPair): Promise<void> {
  const writer = new DirectWriter(near, direct);
  const sent = new EndlessBytes();
  writer.write(sent.take(100));
  if (writer.queuedBytes !== 0) throw new UnknownInside('a write that fits is said to wait');
  fillUp(writer, sent);
  const before = writer.queuedBytes;
  for (let count = 0; count < QUEUED_PIECES; count++) writer.write(sent.take(PIECE));
  if (writer.queuedBytes - before !== QUEUED_PIECES * PIECE) {
    throw new UnknownInside('what waits is not counted');
  }
  // The stream's own write is queued behind ours; while the stream holds it, ours go through it.
  near.write(sent.take(100));
  writer.write(sent.take(100));
  const drain = async (): Promise<void> => {
    await writer.drained();
    if (writer.queuedBytes !== 0) throw new UnknownInside('what was taken is said to wait');
    writer.write(sent.take(100));
  };
  await Promise.all([arrival(far, sent.taken + 100), drain()]);
}

/** @param isFull with writes queued for the peer when it dies */
async function noticesDeath(
  direct: DirectWrites,
  { near, far }: SocketPair,
  { isFull }: { readonly isFull: boolean },
): Promise<void> {
  const writer = new DirectWriter(near, direct);
  const sent = new EndlessBytes();
  if (isFull) fillUp(writer, sent);
  far.resetAndDestroy();
  // Nobody reads from the near end: only a write can reveal it.
  while (!near.destroyed) {
    if (!isFull) writer.write(sent.take(100));
    await nextTurn();
  }
  writer.write(sent.take(100));
}

function fillUp(writer: DirectWriter, sent: EndlessBytes): void {
  while (writer.queuedBytes === 0) {
    if (sent.taken > MOST_BYTES) throw new UnknownInside('nothing ever waits');
    writer.write(sent.take(PIECE));
  }
}

/**
 * Resolves when this many bytes have arrived.
 * @throws {UnknownInside} where they differ from those sent
 */
function arrival(far: Socket, total: number): Promise<void> {
  let arrived = 0;
  return new Promise((resolve, reject) => {
    far.on('data', (chunk) => {
      const isRight = EndlessBytes.at(arrived, chunk.length).equals(chunk);
      arrived += chunk.length;
      if (!isRight) reject(new UnknownInside('what arrives is not what was written'));
      else if (arrived === total) resolve();
    });
  });
}

/** Random bytes with a period: the byte at each position is known without storing it. */
class EndlessBytes {
  private static readonly period = randomBytes(PERIOD);
  /** As many periods as the longest piece may touch. */
  private static readonly periods = Buffer.concat(Array.from({ length: 4 }, () => this.period));
  taken = 0;

  take(length: number): Buffer {
    const bytes = EndlessBytes.at(this.taken, length);
    this.taken += length;
    return bytes;
  }

  /** @param length at most three periods */
  static at(position: number, length: number): Buffer {
    const start = position % PERIOD;
    return EndlessBytes.periods.subarray(start, start + length);
  }
}
