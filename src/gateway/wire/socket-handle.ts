import type { Socket } from 'node:net';

/** Far more than any kernel buffers for a peer that does not read. */
export const MOST_BYTES = 256 * 1024 * 1024;
export const PIECE = 60_000;

/** libuv's handle of a TCP socket, as node:net holds it. */
export interface SocketHandle {
  writeBuffer(request: WriteRequest | null, bytes: Uint8Array): unknown;
  /** Bytes that the kernel has not taken. */
  readonly writeQueueSize: number;
}

/** libuv's request for a write that did not fit into the kernel's buffer. */
export interface WriteRequest {
  /** @param status 0, or a negative errno */
  oncomplete: ((status: number) => void) | undefined;
  /** Keeps the bytes from being collected until they are written. */
  buffer: Uint8Array | undefined;
  /** From Node 26 on: what `oncomplete` would have been passed, if it was not set yet. */
  readonly writeStatus?: number | null;
  /** Negative until a write has consumed the request. */
  getAsyncId(): number;
}

/**
 * A non-blocking write.
 * @returns 0 where the kernel took everything, a negative errno, or the pending request
 */
export type WriteCall = (handle: SocketHandle, bytes: Uint8Array) => number | WriteRequest;

/** How this Node can be written to directly. */
export interface DirectWrites {
  readonly write: WriteCall;
  /** The prototype of every TCP handle; others are not written to. */
  readonly handles: object;
}

/** An internal of Node differs from what this code knows; the message says which. */
export class UnknownInside extends Error {}

/** Null where the socket is gone. */
export function rawHandle(socket: Socket): unknown {
  return (socket as unknown as { readonly _handle?: unknown })._handle;
}

/**
 * Learns the call from one of node:net's own writes, so that Node is never passed anything that it
 * does not pass itself: native code aborts the process on an unexpected argument.
 * @param socket connected, with nothing queued, to a peer that does not read
 * @throws {UnknownInside}
 */
export function learnFrom(socket: Socket): DirectWrites {
  const handle = rawHandle(socket);
  if (typeof handle !== 'object' || handle === null) {
    throw new UnknownInside('a socket has no handle');
  }
  const original: unknown = Reflect.get(handle, 'writeBuffer');
  if (typeof original !== 'function') throw new UnknownInside('a socket has no writeBuffer');
  if (Reflect.get(handle, 'writeQueueSize') !== 0) {
    throw new UnknownInside('an idle socket has no empty queue');
  }
  const calls: unknown[][] = [];
  Object.assign(handle, {
    writeBuffer(...args: unknown[]): unknown {
      calls.push(args);
      return Reflect.apply(original, handle, args);
    },
  });
  const bytes = Buffer.from([0]);
  socket.write(bytes);
  Object.assign(handle, { writeBuffer: original });
  const [call = []] = calls;
  if (calls.length !== 1 || call.length !== 2 || call[1] !== bytes) {
    throw new UnknownInside('the stream writes in another way');
  }
  return {
    write: callLike(call[0], handle as SocketHandle),
    handles: Object.getPrototypeOf(handle) as object,
  };
}

function callLike(request: unknown, handle: SocketHandle): WriteCall {
  if (request === null) return callWithoutRequest;
  const { constructor: Request } = request as { readonly constructor: unknown };
  if (typeof request !== 'object' || typeof Request !== 'function') {
    throw new UnknownInside('a write takes another request');
  }
  refuseUnlessTold(handle, Request as new () => WriteRequest);
  return callWith(Request as new () => WriteRequest);
}

/** Up to Node 24: the caller passes the request, which a write that fits leaves untouched. */
function callWith(Request: new () => WriteRequest): WriteCall {
  /** One is reused for all sockets; a write that does not fit consumes it. */
  let spare: WriteRequest | null = null;
  return (handle, bytes) => {
    const request = (spare ??= new Request());
    const outcome = handle.writeBuffer(request, bytes);
    // Asked of the request, since the queue may be empty again: the kernel can have taken the rest
    // at the second attempt. Node aborts the process where a consumed request is passed again.
    if (outcome === 0 && request.getAsyncId() < 0) return 0;
    spare = null;
    return outcome === 0 ? request : asErrno(outcome);
  };
}

/**
 * Proves with requests that are never passed again that a consumed one can be told.
 * @param handle of a socket whose peer does not read
 * @throws {UnknownInside}
 */
function refuseUnlessTold(handle: SocketHandle, Request: new () => WriteRequest): void {
  const piece = new Uint8Array(PIECE);
  for (let sent = 0; sent < MOST_BYTES; sent += PIECE) {
    const request = new Request();
    if (typeof (request as Partial<WriteRequest>).getAsyncId !== 'function') break;
    if (request.getAsyncId() >= 0) break;
    if (handle.writeBuffer(request, piece) !== 0) break;
    if (handle.writeQueueSize === 0) continue;
    if (request.getAsyncId() < 0) break;
    request.buffer = piece;
    request.oncomplete = () => {
      request.buffer = undefined;
    };
    return;
  }
  throw new UnknownInside('a request does not tell whether it was consumed');
}

/** From Node 26 on: a write that does not fit creates a request, and returns it. */
function callWithoutRequest(handle: SocketHandle, bytes: Uint8Array): number | WriteRequest {
  const outcome = handle.writeBuffer(null, bytes);
  return typeof outcome === 'object' && outcome !== null
    ? (outcome as WriteRequest)
    : asErrno(outcome);
}

/** Any other answer leaves the fate of the bytes unknown: that is a failure. */
function asErrno(outcome: unknown): number {
  return typeof outcome === 'number' ? outcome : -1;
}
