import type { Speaker } from '../../../chat/messages/chat.service.js';
import type { Connection } from '../../connections/connection.js';

/** Who says something, and where: the connection is not told what was said on it. */
export function speakerOf({ id, person }: Connection): Speaker {
  return { person, connectionId: id };
}
