import type { Generated } from 'kysely';
import type { HistoryRule, Role, RoomKind } from '../../chat/conversations/room.js';
import type { Level } from '../../chat/conversations/room-change.js';

export interface RoomsTable {
  id: string;
  name: string;
  /** As compared. */
  canonical_name: string;
  title: string | null;
  topic: string | null;
  kind: RoomKind;
  history: HistoryRule;
  /** JSON: the least role by right, where it differs from the kind's defaults. */
  rights: string;
  created_at: number;
  created_by: string;
  /** The ref under which it was made. */
  ref: string | null;
  archived_at: number | null;
  /** How many people are in it. */
  members: number;
  version: number;
}

/** The names that lead to a room: its own, and for a while those it had. */
export interface RoomNamesTable {
  skeleton: string;
  canonical_name: string;
  room_id: string;
  /** When an alias ends; null for the room's own name. */
  until: number | null;
}

/** Who is in a room, or was. */
export interface RoomMembersTable {
  room_id: string;
  person_id: string;
  role: Role;
  /** The number at which they joined last. */
  joined_seq: number;
  joined_at: number;
  /** The number at which they went; null for whoever is in it. */
  left_seq: number | null;
  level: Generated<Level>;
  muted_until: number | null;
}

export interface RoomBansTable {
  room_id: string;
  person_id: string;
  by_id: string;
  reason: string | null;
  until: number | null;
  created_at: number;
}

export interface RoomInvitationsTable {
  room_id: string;
  person_id: string;
  by_id: string;
  created_at: number;
}

export interface RoomLinksTable {
  hash: string;
  room_id: string;
  by_id: string;
  /** Null: any number of times. */
  uses_left: number | null;
  expires_at: number | null;
  created_at: number;
}
