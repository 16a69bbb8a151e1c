import { readUsername } from '../../auth/names/username.js';
import { Refusal } from '../../kernel/refusal.js';
import { LOBBY } from '../conversations/lobby.js';
import type { RoomName } from '../conversations/room-change.js';
import { LONGEST_ROOM_NAME } from '../conversations/room-finder.js';

/** Whether the lobby is there or not: no other room may be taken for it. */
const LOBBY_NAME = readUsername(LOBBY, LONGEST_ROOM_NAME);

/**
 * Reads the name that a room is to have: by the rules for the names of people, so that none begins
 * with `@`.
 * @throws Refusal `invalid-field`, or `room-exists` for what looks like the lobby's
 */
export function parseRoomName(text: string): RoomName {
  const name = readUsername(text, LONGEST_ROOM_NAME);
  if (name === null) throw new Refusal('invalid-field', { field: 'name' });
  if (name.skeleton === LOBBY_NAME?.skeleton) throw new Refusal('room-exists', { field: 'name' });
  return name;
}
