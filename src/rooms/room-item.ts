import { type Action, rightsIn } from '../chat/conversations/access.js';
import { LOBBY } from '../chat/conversations/lobby.js';
import type { HistoryRule, RightsMap, Role, RoomKind } from '../chat/conversations/room.js';
import type { RoomAndPlace } from '../chat/conversations/room-finder.js';

/** A room, as its members and the directory see it. */
export interface RoomItem {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly topic: string | null;
  readonly kind: RoomKind;
  readonly history: HistoryRule;
  /** The least role for what differs from the defaults of its kind. */
  readonly rights: RightsMap;
  readonly archived: boolean;
  /** How many people are in it; null in the lobby, where everybody is. */
  readonly members: number | null;
  /** What the reader is in it, and may do; null for whoever is not in it. */
  readonly me: { readonly role: Role; readonly may: readonly Action[] } | null;
}

export function roomItem({ room, membership }: RoomAndPlace): RoomItem {
  const { id, name, title, topic, kind, history, rights, archivedAt, members } = room;
  return {
    id,
    name,
    title,
    topic,
    kind,
    history,
    rights,
    archived: archivedAt !== null,
    members: id === LOBBY ? null : members,
    me:
      membership === null
        ? null
        : { role: membership.role, may: ['read', ...rightsIn(room, membership)] },
  };
}
