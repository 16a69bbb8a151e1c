import type { Speaker } from '../../../chat/messages/chat.service.js';
import type { Connection } from '../../connections/connection.js';

/** The author and the connection, which is not sent its own message. */
export function speakerOf({ id, person }: Connection): Speaker {
  return { person, connectionId: id };
}
