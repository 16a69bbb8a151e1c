import { FrameType, type TypingFrame } from '@parley/protocol';
import type { Person } from '../../kernel/person.js';
import { TYPING_TTL_MS, type TypingNews } from '../../presence/typing-set.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import type { InPlace } from '../wire/queued-frame.js';

/** People whose names a frame holds. */
const MOST_NAMED = 5;

/** A conversation as its frames name it. */
export type Place = { readonly room: string } | { readonly to: string };

/** What a room is told: those who type are told of the others only. */
export interface TypingFrames {
  readonly frame: EncodedFrame;
  readonly inPlace: InPlace;
}

/**
 * What a person is told: also where nothing is new to them alone, for the ttl begins again.
 * @returns null where nobody else is typing, nor was
 */
export function typingFrameFor(
  { before, now }: TypingNews,
  personId: string,
  place: Place,
): TypingFrame | null {
  const isOther = ({ id }: Person): boolean => id !== personId;
  return before.some(isOther) || now.some(isOther) ? frameOf(now.filter(isOther), place) : null;
}

/** @param place a room */
export function typingFramesFor(news: TypingNews, place: Place): TypingFrames {
  const inPlace = new Map<string, EncodedFrame | null>();
  // Beyond the few who are named all are told the same: their number, less one.
  const encoded = new Map<string, EncodedFrame>();
  const encode = (frame: TypingFrame): EncodedFrame => {
    const name = `${frame.total} ${frame.data.map(({ id }) => id).join(' ')}`;
    const known = encoded.get(name) ?? new EncodedFrame(frame);
    encoded.set(name, known);
    return known;
  };
  for (const { id } of [...news.before, ...news.now]) {
    const own = typingFrameFor(news, id, place);
    inPlace.set(id, own === null ? null : encode(own));
  }
  return { frame: encode(frameOf(news.now, place)), inPlace };
}

function frameOf(people: readonly Person[], place: Place): TypingFrame {
  const data = people.slice(0, MOST_NAMED).map(({ id, username }) => ({ id, username }));
  const total = people.length;
  return { type: FrameType.Typing, user: null, ...place, data, total, ttl: TYPING_TTL_MS };
}
