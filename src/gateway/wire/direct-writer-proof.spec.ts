import { afterEach, describe, expect, it } from '@jest/globals';
import { proveDirectWrites } from './direct-writer-proof.js';
import { rawHandle } from './socket-handle.js';
import { openPair, type SocketPair } from './socket-pair.js';

type Call = (request: unknown, bytes: Uint8Array) => unknown;
type Handle = { writeBuffer: unknown } & Record<string, unknown>;

/** How long to wait before concluding that something will not happen. */
const PATIENCE_MS = 300;

const opened: SocketPair[] = [];

afterEach(() => {
  for (const { near, far } of opened.splice(0)) {
    near.destroy();
    far.destroy();
  }
});

/** Pairs as another Node would create them. */
function pairs(change: (handle: Handle, pair: SocketPair) => void) {
  return async (): Promise<SocketPair> => {
    const pair = await openPair();
    opened.push(pair);
    change(rawHandle(pair.near) as Handle, pair);
    return pair;
  };
}

/** Another Node's `writeBuffer`. @param count from 1, per socket */
type Inside = (write: Call, request: unknown, bytes: Uint8Array, count: number) => unknown;

function writes(inside: Inside) {
  return pairs((handle) => {
    const write = (handle.writeBuffer as Call).bind(handle);
    let count = 0;
    handle.writeBuffer = (request: unknown, bytes: Uint8Array) =>
      inside(write, request, bytes, ++count);
  });
}

/** The arguments of another Node's `writeBuffer`, before the bytes and after them. */
function streamWrites(before: readonly unknown[], behind: readonly unknown[] = []) {
  return pairs((handle, { near }) => {
    near.write = (bytes: unknown) => {
      (handle.writeBuffer as (...args: unknown[]) => void)(...before, bytes, ...behind);
      return true;
    };
    handle.writeBuffer = () => 0;
  });
}

/** An object whose class cannot be instantiated by others. */
function onlyOne(): object {
  let made = 0;
  class Request {
    readonly number = made;

    constructor() {
      if (made++ > 0) throw new TypeError('Illegal constructor');
    }
  }
  return new Request();
}

let held: Uint8Array | null = null;

const OTHERS: readonly [string, () => Promise<SocketPair>][] = [
  ['has no writeBuffer', pairs((handle) => (handle.writeBuffer = undefined))],
  ['counts no queue', pairs((handle) => Object.defineProperty(handle, 'writeQueueSize', {}))],
  ['hands over no request at all', streamWrites([])],
  ['hands over a number as the request', streamWrites([7])],
  ['hands over undefined as the request', streamWrites([undefined])],
  ['hands over something more before the bytes', streamWrites([null, null])],
  ['hands over something more behind the bytes', streamWrites([null], ['more'])],
  ['hands over a request that nobody else can make', streamWrites([onlyOne()])],
  [
    'throws',
    writes((write, request, bytes, count) => {
      if (count > 1) throw new TypeError('Illegal invocation');
      return write(request, bytes);
    }),
  ],
  ['answers nothing', writes((write, request, bytes) => void write(request, bytes))],
  ['answers a promise', writes(async (write, request, bytes) => write(request, bytes))],
  [
    'answers with the bytes',
    writes((write, request, bytes) => (write(request, bytes), bytes.length)),
  ],
  ['says that all is written and keeps it', writes(() => 0)],
  [
    'loses a write',
    writes((write, request, bytes, count) => (count === 3 ? 0 : write(request, bytes))),
  ],
  [
    'writes twice',
    writes((write, request, bytes, count) => {
      if (count === 3) write(request, bytes);
      return write(request, bytes);
    }),
  ],
  [
    'lets a write overtake another one',
    writes((write, request, bytes, count) => {
      if (count === 2) {
        held = bytes;
        return 0;
      }
      const outcome = write(request, bytes);
      return count === 3 && held !== null ? write(request, held) : outcome;
    }),
  ],
  [
    'writes what it is given without its last byte',
    writes((write, request, bytes) => write(request, bytes.subarray(0, -1))),
  ],
  ['refuses', writes(() => -22)],
  [
    'refuses from some point on',
    writes((write, request, bytes, count) => (count > 5 ? -22 : write(request, bytes))),
  ],
  [
    'never says that a peer is gone',
    writes((write, request, bytes) => {
      const outcome = write(request, bytes);
      return typeof outcome === 'number' ? 0 : outcome;
    }),
  ],
];

describe('The proof of direct writes [S54]', () => {
  it('succeeds on the Node at hand', async () => {
    expect(await proveDirectWrites()).toHaveProperty('direct');
  });

  it.each(OTHERS)('fails, and says why, on a Node that %s', async (_case, open) => {
    const proof = await proveDirectWrites(open, PATIENCE_MS);
    expect(proof).toEqual({ reason: expect.stringMatching(/\w/) });
  });

  it('fails where there is no loopback', async () => {
    const open = async () => Promise.reject(new Error('connect ENETUNREACH'));
    expect(await proveDirectWrites(open)).toEqual({ reason: 'connect ENETUNREACH' });
  });
});
