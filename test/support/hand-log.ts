import { directKey } from '../../src/chat/conversations/key.js';
import type { ConversationKey } from '../../src/chat/conversations/key.js';
import type { ChatEvent, StoredBody } from '../../src/chat/log/event.js';
import { type Appended, EventLog, type PageRequest } from '../../src/chat/log/event-log.js';
import type { Person } from '../../src/kernel/person.js';

/** A log in memory, which fails where it is told to, and during whose reads the test can act. */
export class HandLog extends EventLog {
  readonly asked = { pages: 0, heads: 0 };
  isDown = false;
  /** Run one after the other, each while a page is on its way to whoever asked for it. */
  readonly duringPages: (() => void)[] = [];
  private readonly events = new Map<ConversationKey, ChatEvent[]>();

  /**
   * @param conversation where it is said; a person: in private, with the author
   * @param said where it is no message
   */
  say(author: Person, conversation: ConversationKey | Person, said?: StoredBody): ChatEvent {
    const to = typeof conversation === 'string' ? null : conversation;
    const key =
      typeof conversation === 'string' ? conversation : directKey(author.id, conversation.id);
    const events = this.events.get(key) ?? [];
    const seq = events.length + 1;
    const event: ChatEvent = {
      ...{ conversation: key, seq, n: seq, id: `e${seq}`, time: seq, author, to },
      ...(said ?? { kind: 'message', target: null, body: `message ${seq}` }),
    };
    this.events.set(key, [...events, event]);
    return event;
  }

  override async page(
    conversation: ConversationKey,
    { after = 0, limit }: PageRequest,
  ): Promise<readonly ChatEvent[]> {
    this.asked.pages++;
    await this.answer();
    const page = (this.events.get(conversation) ?? []).slice(after, after + limit);
    this.duringPages.shift()?.();
    return page;
  }

  override async heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>> {
    this.asked.heads++;
    await this.answer();
    return new Map(conversations.map((key) => [key, this.events.get(key)?.length ?? 0]));
  }

  override append(): Promise<readonly Appended[]> {
    return Promise.reject(new Error('It is written by the test'));
  }

  override proveWritable(): Promise<void> {
    return this.answer();
  }

  override stream(): AsyncIterable<readonly ChatEvent[]> {
    throw new Error('Nobody asked for it yet');
  }

  private answer(): Promise<void> {
    return this.isDown ? Promise.reject(new Error('on purpose')) : Promise.resolve();
  }
}
