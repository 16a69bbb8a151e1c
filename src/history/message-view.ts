import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../chat/conversations/key.js';
import type { ChatEvent } from '../chat/log/event.js';
import { MessageStore } from '../chat/log/message-store.js';
import type { Person } from '../kernel/person.js';
import { messagesOf } from './message.js';
import { messageItem, type MessageItem } from './message-item.js';

/** Shows messages as they are now, with the reactions to them. */
@Injectable()
export class MessageView {
  constructor(private readonly messages: MessageStore) {}

  /**
   * @param events of one conversation
   * @param room the name that it has now; empty in private
   */
  async items(
    reader: Person,
    events: readonly ChatEvent[],
    room: string,
  ): Promise<readonly MessageItem[]> {
    const messages = messagesOf(events, room);
    const reacted = messages.filter(({ state }) => (state?.reactions ?? 0) > 0);
    const seqs = reacted.map(({ seq }) => seq);
    const conversation = reacted[0]?.conversation;
    const reactions =
      conversation === undefined ? null : await this.reactionsTo(reader, conversation, seqs);
    return messages.map((message) => {
      const of = reactions?.get(message.seq);
      return messageItem(of === undefined ? message : { ...message, reactions: of });
    });
  }

  private reactionsTo(reader: Person, conversation: ConversationKey, seqs: readonly number[]) {
    return this.messages.reactions(conversation, seqs, reader.id);
  }
}
