import { FrameType } from '@parley/protocol';
import type { Fault } from './faults.js';
import { View } from './view.js';

/** What an event of a room says of whoever hears it: it comes, it goes, or it is somebody else's. */
export type OwnMove = 'join' | 'part' | null;

/** Numbers in a row that a device was told. */
export interface Sighting {
  readonly first: number;
  last: number;
  /** How often the person had asked, or been asked for, to come into the room by then. */
  readonly joins: number;
}

/**
 * What one client has of a room that its person comes into and goes from: everything from the Join on,
 * up to the Part. What was said between is asked for by nobody who was connected all the time.
 */
export class RoomView extends View {
  isInside = false;
  readonly sightings: Sighting[] = [];

  /**
   * @param joins as {@link Sighting}
   * @returns what is wrong with it
   */
  hear(seq: number, move: OwnMove, joins: number): Fault | null {
    this.see(seq, joins);
    if (move === 'join') {
      if (seq > this.last + 1) this.startAt(seq);
      this.isInside = true;
    } else if (!this.isInside) {
      if (this.inSync) return 'beyond';
      // What a Sync brings behind a Part leads to the next Join, even where it is cut before.
      this.isInside = true;
    }
    if (!this.deliver(seq)) return 'repeated';
    if (move !== 'part') return null;
    // Live, and ahead of what is missed: a Sync brings the rest up to here, or the next one does.
    this.isInside = !this.inSync && this.last < seq;
    return this.inSync && this.last !== seq ? 'gap' : null;
  }

  private see(seq: number, joins: number): void {
    const latest = this.sightings.at(-1);
    if (latest?.joins === joins && latest.last === seq - 1) latest.last = seq;
    else this.sightings.push({ first: seq, last: seq, joins });
  }
}

export function moveOf(type: number): OwnMove {
  if (type === FrameType.Join) return 'join';
  return type === FrameType.Part ? 'part' : null;
}
