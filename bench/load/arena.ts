/**
 * The shared read buffer of all connections: a read is handled before the next one begins. In front
 * of it there is room for the incomplete frame of the connection's last read, so that frames are
 * always whole and contiguous.
 */
const HEADROOM = 16 * 1024 * 1024;
const READ_BYTES = 256 * 1024;

export const arena = Buffer.allocUnsafeSlow(HEADROOM + READ_BYTES);

/** The part that sockets read into. */
export const landing = arena.subarray(HEADROOM);

/** Puts the rest of the last read before the new one. @returns where it begins */
export function prepend(tail: Uint8Array | null): number {
  if (tail === null) return HEADROOM;
  if (tail.length > HEADROOM) throw new RangeError('a frame is too long for the load client');
  arena.set(tail, HEADROOM - tail.length);
  return HEADROOM - tail.length;
}

/** Where a read of that length ends. */
export function endOf(read: number): number {
  return HEADROOM + read;
}
