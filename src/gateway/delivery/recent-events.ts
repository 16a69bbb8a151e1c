import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { RecentMemory } from './recent-memory.js';

/**
 * The latest events of a room, encoded as they were delivered. After a network outage thousands
 * come back for the same few (thundering herd): they are read and encoded once, not once for each.
 */
export class RecentEvents {
  private frames: EncodedFrame[] = [];
  /** The number of the last one. */
  private last = 0;

  constructor(private readonly memory: RecentMemory) {
    memory.open();
  }

  push(seq: number, frame: EncodedFrame): void {
    // After a gap the cache starts anew.
    if (seq !== this.last + 1) this.clear();
    this.frames.push(frame);
    this.memory.count(1);
    this.last = seq;
    const surplus = this.frames.length - this.memory.allows(this.frames.length);
    if (surplus <= 0) return;
    this.frames.splice(0, surplus);
    this.memory.count(-surplus);
  }

  /** What is cached does not hold any more: the store is asked instead. */
  clear(): void {
    this.memory.count(-this.frames.length);
    this.frames = [];
  }

  /** The room is not followed any more. */
  close(): void {
    this.clear();
    this.memory.close();
  }

  /** @returns all events after that number, at least one; null where they are not all cached */
  after(seq: number): readonly EncodedFrame[] | null {
    const count = this.last - seq;
    if (count <= 0 || count > this.frames.length) return null;
    return this.frames.slice(-count);
  }
}
