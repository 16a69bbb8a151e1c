import { roomKey } from './key.js';

/** The room where everybody is. */
export const LOBBY = 'lobby';

export const LOBBY_KEY = roomKey(LOBBY);
