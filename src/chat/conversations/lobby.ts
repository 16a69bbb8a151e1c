import { type ConversationKey, roomKey } from './key.js';
import type { Membership, Room } from './room.js';

/** The id and the name of the room where everybody is. */
export const LOBBY = 'lobby';

export const LOBBY_KEY: ConversationKey = roomKey(LOBBY);

/** The lobby as a room. It is stored nowhere, and nobody can change it. */
export const LOBBY_ROOM: Room = {
  id: LOBBY,
  key: LOBBY_KEY,
  name: LOBBY,
  title: null,
  topic: null,
  kind: 'public',
  history: 'all',
  rights: {},
  createdAt: 0,
  archivedAt: null,
  members: 0,
  version: 0,
};

/** Everybody's place in the lobby. */
export const IN_THE_LOBBY: Membership = { role: 'member', joined: 0, left: null };
