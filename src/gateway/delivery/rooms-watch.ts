import type { ConversationKey } from '../../chat/conversations/key.js';

/** Told of each room that this node begins to follow, and of the end of it. */
export interface RoomsWatch {
  openRoom(key: ConversationKey): void;
  closeRoom(key: ConversationKey): void;
}
