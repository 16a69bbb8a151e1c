import { isMove, type LiveEvent } from '../log/event.js';

/** Moves that are remembered so that none passes twice. */
const MOST_EARLY = 1_000;

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
  /** Up to where the store said it was when it was opened here; 0: from its first event on. */
  start: number;
  /** The numbers of moves up to {@link start} that were passed on: null where there are none. */
  early: Set<number> | null;
}

/** @param next null: the store has to say. @param target the highest number known */
export function newTrack(next: number | null, target: number): Track {
  return { next, target, pending: null, due: 0, filling: false, start: 0, early: null };
}

/**
 * Whether an event that the store overtook is to be passed on all the same, which is noted: whoever
 * came or went is told of it, though the conversation was opened here behind it.
 */
export function isEarlyMove(track: Track, event: LiveEvent): boolean {
  const { seq } = event;
  if (seq > track.start || !isMove(event) || track.early?.has(seq) === true) return false;
  track.early ??= new Set();
  if (track.early.size >= MOST_EARLY) return false;
  track.early.add(seq);
  return true;
}
