import type { LiveEvent } from '../log/event.js';

/** The delivery state of one conversation on this node. */
export interface Track {
  /** The next number; null until the store has said which. */
  next: number | null;
  /** The highest number known to exist. */
  target: number;
  pending: Map<number, LiveEvent> | null;
  /** When the store is to be read (monotonic ms). */
  due: number;
  filling: boolean;
}

/** @param next null: the store has to say. @param target the highest number known */
export function newTrack(next: number | null, target: number): Track {
  return { next, target, pending: null, due: 0, filling: false };
}
