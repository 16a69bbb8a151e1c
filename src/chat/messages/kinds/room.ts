import type { HistoryRule, RightsMap, RoomKind } from '../../conversations/room.js';
import type { EventKind, NewBody } from './kind.js';

/** The room as it is from this event on. */
export interface RoomBody {
  readonly kind: 'room';
  readonly room: RoomDescription;
  /** Its name before, where this event gave it another. */
  readonly was?: string;
}

export interface RoomDescription {
  readonly name: string;
  readonly title: string | null;
  readonly topic: string | null;
  readonly kind: RoomKind;
  readonly history: HistoryRule;
  readonly rights: RightsMap;
  /** When it was archived (ms since the epoch); null while it is in use. */
  readonly archivedAt: number | null;
}

export const roomKind = {
  kind: 'room',
  read: ({ body }): RoomBody => {
    const { was, ...room } = JSON.parse(body) as RoomDescription & Pick<RoomBody, 'was'>;
    return { kind: 'room', room, ...(was === undefined ? {} : { was }) };
  },
  fields: ({ room: { archivedAt, ...room }, was }: RoomBody) => ({
    data: { ...room, archived: archivedAt !== null, ...(was === undefined ? {} : { was }) },
  }),
} satisfies EventKind<RoomBody>;

/** @param was the name before, where the room has another from here on */
export function newRoomState(room: RoomDescription, was?: string): NewBody {
  const { name, title, topic, kind, history, rights, archivedAt } = room;
  const body = JSON.stringify({ name, title, topic, kind, history, rights, archivedAt, was });
  return { kind: 'room', target: null, body, counts: false };
}
