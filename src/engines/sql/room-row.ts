import type { Selectable } from 'kysely';
import { roomKey } from '../../chat/conversations/key.js';
import type { RightsMap, Room } from '../../chat/conversations/room.js';
import type { RoomsTable } from './schema-rooms.js';

export function toRoom(row: Selectable<RoomsTable>): Room {
  return {
    id: row.id,
    key: roomKey(row.id),
    name: row.name,
    title: row.title,
    topic: row.topic,
    kind: row.kind,
    history: row.history,
    rights: JSON.parse(row.rights) as RightsMap,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
    members: row.members,
    version: row.version,
  };
}
