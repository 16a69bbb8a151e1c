import type { LiveEvent } from '../log/event.js';

/** How far a conversation has been delivered here. */
export interface Track {
  /** The number that comes next; null until the store has said which. */
  next: number | null;
  /** The highest number that is known to exist. */
  target: number;
  pending: Map<number, LiveEvent> | null;
  /** When the store is asked (monotonic ms). */
  due: number;
  filling: boolean;
}

/** @param next null: the store has to say. @param target the highest number known */
export function newTrack(next: number | null, target: number): Track {
  return { next, target, pending: null, due: 0, filling: false };
}
