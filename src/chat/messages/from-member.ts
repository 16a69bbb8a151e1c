import { type ConversationKey, parseKey } from '../conversations/key.js';
import { LOBBY_KEY } from '../conversations/lobby.js';
import type { Draft } from '../log/event.js';

/**
 * The gate decides by what is known when it is asked; whoever is put out of the room before the commit
 * writes nothing above that.
 */
export function fromMember(conversation: ConversationKey): Pick<Draft, 'fromMemberOf'> {
  const parsed = parseKey(conversation);
  if (parsed.kind === 'direct' || conversation === LOBBY_KEY) return {};
  return { fromMemberOf: parsed.roomId };
}
