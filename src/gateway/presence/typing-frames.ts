import { FrameType, type TypingFrame } from '@parley/protocol';
import type { Person } from '../../kernel/person.js';
import { TYPING_TTL_MS, type TypingNews } from '../../presence/typing-set.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import type { InPlace } from '../wire/queued-frame.js';

/** People whose names a frame holds. */
const MOST_NAMED = 5;

/** A conversation as its frames name it. */
export type Place = { readonly room: string } | { readonly to: string };

/** What a frame says of who is typing. */
interface Shown {
  readonly data: readonly Person[];
  readonly total: number;
}

/** What a room is told: those who type are told of the others only. */
export interface TypingFrames {
  /** Null: nothing that is new to those who do not type. */
  readonly frame: EncodedFrame | null;
  readonly inPlace: InPlace;
}

/** @returns null where the news is none for that person: nobody is told of themselves */
export function typingFrameFor(
  news: TypingNews,
  personId: string | null,
  place: Place,
): TypingFrame | null {
  const before = shownTo(news.before, personId);
  const now = shownTo(news.now, personId);
  const isAgain = news.isRenewed && now.total > 0;
  if (!isAgain && isSame(before, now)) return null;
  return { type: FrameType.Typing, user: null, ...place, ...now, ttl: TYPING_TTL_MS };
}

/** @param place a room */
export function typingFramesFor(news: TypingNews, place: Place): TypingFrames {
  const inPlace = new Map<string, EncodedFrame | null>();
  // Beyond the few who are named all are told the same: their number, less one.
  const encoded = new Map<string, EncodedFrame>();
  const encode = (frame: TypingFrame | null): EncodedFrame | null => {
    if (frame === null) return null;
    const name = `${frame.total} ${frame.data.map(({ id }) => id).join(' ')}`;
    const known = encoded.get(name) ?? new EncodedFrame(frame);
    encoded.set(name, known);
    return known;
  };
  const frame = encode(typingFrameFor(news, null, place));
  for (const { id } of [...news.before, ...news.now]) {
    if (!inPlace.has(id)) inPlace.set(id, encode(typingFrameFor(news, id, place)));
  }
  return { frame, inPlace };
}

function shownTo(people: readonly Person[], personId: string | null): Shown {
  const others = people.filter(({ id }) => id !== personId);
  const data = others.slice(0, MOST_NAMED).map(({ id, username }) => ({ id, username }));
  return { data, total: others.length };
}

function isSame(one: Shown, other: Shown): boolean {
  return (
    one.total === other.total && one.data.every(({ id }, index) => id === other.data[index]?.id)
  );
}
