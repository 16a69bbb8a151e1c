import { FrameType, type OwnReadFrame } from '@parley/protocol';
import { parseKey } from '../../chat/conversations/key.js';
import type { ReadTarget } from '../../chat/marks/read-marks.js';
import type { Person } from '../../kernel/person.js';

/** A conversation as frames name it. */
export type Place = { readonly room: string } | { readonly to: string };

export function placeOf({ conversation, other }: ReadTarget): Place {
  if (other !== null) return { to: other.username };
  const parsed = parseKey(conversation);
  return { room: parsed.kind === 'room' ? parsed.room : '' };
}

/** A person's own mark, for the person's devices. */
export function ownReadFrame(
  user: Person,
  place: Place,
  { seq, unread }: { readonly seq: number; readonly unread: number },
): OwnReadFrame {
  const { id, username } = user;
  // Nobody is mentioned yet.
  return {
    type: FrameType.Read,
    user: { id, username },
    ...place,
    seq,
    unread,
    mentions: 0,
  };
}
