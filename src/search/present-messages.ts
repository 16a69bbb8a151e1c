import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../chat/conversations/key.js';
import { EventLog } from '../chat/log/event-log.js';
import { fileNamesOf, type Message, messagesOf, textOf } from '../history/message.js';

/**
 * Messages as they are now, one by one: the only place where search reads what a message says. Where
 * pages show a message otherwise than it was stored, so does this.
 */
@Injectable()
export class PresentMessages {
  constructor(private readonly log: EventLog) {}

  /**
   * @param room the name that its room has now; empty in private
   * @returns null where there is none of that number, or nothing of it is to be shown
   */
  async at(conversation: ConversationKey, seq: number, room = ''): Promise<Message | null> {
    const events = await this.log.page(conversation, { after: seq - 1, limit: 1 });
    const [message] = messagesOf(events, room);
    if (message?.seq !== seq) return null;
    return textOf(message) === '' && fileNamesOf(message).length === 0 ? null : message;
  }
}
