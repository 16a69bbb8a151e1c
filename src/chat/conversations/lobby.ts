import type { Person } from '../../kernel/person.js';
import { type ConversationKey, roomKey } from './key.js';

/** The room where everybody is. */
export const LOBBY = 'lobby';

export const LOBBY_KEY = roomKey(LOBBY);

/** The rooms that a person is in: the lobby, in which everybody is. */
export function roomsOf(_person: Person): readonly ConversationKey[] {
  return [LOBBY_KEY];
}
