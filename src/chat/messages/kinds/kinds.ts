import type { StoredBody } from '../../log/stored-body.js';
import { type DeletionBody, deletionKind } from './deletion.js';
import { type EditBody, editKind } from './edit.js';
import { type JoinBody, joinKind } from './join.js';
import { type MemberBody, memberKind } from './member.js';
import { type MessageBody, messageKind, richKind } from './message.js';
import { type PartBody, partKind } from './part.js';
import { type PinBody, pinKind } from './pin.js';
import { type ReactionBody, reactionKind } from './reaction.js';
import { type RoomBody, roomKind } from './room.js';

/** The content of an event, by its kind. */
export type Body =
  | MessageBody
  | EditBody
  | DeletionBody
  | ReactionBody
  | PinBody
  | JoinBody
  | PartBody
  | RoomBody
  | MemberBody;

/** By the kind as stored: a message is stored in one of two forms. */
const KINDS: Readonly<Record<Body['kind'] | 'rich', { read(stored: StoredBody): Body }>> = {
  message: messageKind,
  rich: richKind,
  edit: editKind,
  delete: deletionKind,
  reaction: reactionKind,
  pin: pinKind,
  join: joinKind,
  part: partKind,
  room: roomKind,
  member: memberKind,
};

/**
 * Parses an event's content.
 * @returns null for an unknown kind, which a later version wrote: it fills its number, and shows
 *   nothing here
 */
export function bodyOf(event: StoredBody): Body | null {
  return isKnown(event.kind) ? KINDS[event.kind].read(event) : null;
}

function isKnown(kind: string): kind is keyof typeof KINDS {
  return Object.hasOwn(KINDS, kind);
}
