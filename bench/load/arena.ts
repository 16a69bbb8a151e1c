/**
 * Where bytes land that come in on any connection. A read is handled before the next one begins,
 * so all connections share one piece of memory; in front of it there is room for the frame that
 * the connection's last read left incomplete, so that frames are always whole and in one place.
 */
const HEADROOM = 16 * 1024 * 1024;
const READ_BYTES = 256 * 1024;

export const arena = Buffer.allocUnsafeSlow(HEADROOM + READ_BYTES);

/** What sockets read into. */
export const landing = arena.subarray(HEADROOM);

/** Puts the tail of the last read in front of what was read. @returns where it begins */
export function prepend(tail: Uint8Array | null): number {
  if (tail === null) return HEADROOM;
  if (tail.length > HEADROOM) throw new RangeError('a frame is too long for the load client');
  arena.set(tail, HEADROOM - tail.length);
  return HEADROOM - tail.length;
}

/** Where a read of so many bytes ends. */
export function endOf(read: number): number {
  return HEADROOM + read;
}
