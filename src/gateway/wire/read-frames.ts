import { FrameType, type OwnReadFrame, type ThreadReadFrame } from '@parley/protocol';
import type { ReadTarget } from '../../chat/marks/read-marks.js';
import type { ThreadMark } from '../../chat/marks/thread-store.js';
import type { Person } from '../../kernel/person.js';

/** A conversation as frames name it. */
export type Place = { readonly room: string } | { readonly to: string };

export function placeOf({ name, other }: Pick<ReadTarget, 'name' | 'other'>): Place {
  return other === null ? { room: name } : { to: other.username };
}

/** A person's own mark, for the person's devices. */
export function ownReadFrame(
  user: Person,
  place: Place,
  position: { readonly seq: number; readonly unread: number; readonly mentions: number },
): OwnReadFrame {
  const { id, username } = user;
  const { seq, unread, mentions } = position;
  return { type: FrameType.Read, user: { id, username }, ...place, seq, unread, mentions };
}

/** A person's own mark in a thread, for the person's devices. */
export function threadReadFrame(
  user: Person,
  place: Place,
  thread: number,
  { seq, unread }: Pick<ThreadMark, 'seq' | 'unread'>,
): ThreadReadFrame {
  const { id, username } = user;
  return { type: FrameType.Read, user: { id, username }, ...place, thread, seq, unread };
}
