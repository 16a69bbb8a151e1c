import type { EncodedFrame } from '../wire/encoded-frame.js';

/**
 * The latest events of a room, encoded as they were delivered. After a network outage thousands
 * come back for the same few (thundering herd): they are read and encoded once, not once for each.
 */
export class RecentEvents {
  private frames: EncodedFrame[] = [];
  /** The number of the last one. */
  private last = 0;

  /** @param capacity how many may be kept, this one included */
  push(seq: number, frame: EncodedFrame, capacity: number): void {
    // After a gap the cache starts anew.
    if (seq !== this.last + 1) this.frames = [];
    this.frames.push(frame);
    if (this.frames.length > capacity) this.frames.splice(0, this.frames.length - capacity);
    this.last = seq;
  }

  /** What is cached does not hold any more: the store is asked instead. */
  clear(): void {
    this.frames = [];
  }

  /** @returns all events after that number, at least one; null where they are not all cached */
  after(seq: number): readonly EncodedFrame[] | null {
    const count = this.last - seq;
    if (count <= 0 || count > this.frames.length) return null;
    return this.frames.slice(-count);
  }
}
