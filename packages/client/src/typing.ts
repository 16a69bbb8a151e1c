import type { Person, TypingFrame } from '@parley/protocol';
import type { Conversation } from './conversation.js';

/** Often enough that nothing ends at the service's ttl, and seldom enough that all of it is heard. */
const SAY_EVERY_MS = 4_000;

/** Who is typing in a conversation, oneself left out: `total` people, of whom up to five are named. */
export interface TypingPeople {
  readonly conversation: Conversation;
  readonly people: readonly Person[];
  readonly total: number;
}

/** When to say that one is typing, and until when others are. */
export class Typing {
  /** Where it was said last, and when. */
  private place: Conversation | null = null;
  private saidAt = 0;
  private isOpen = false;
  /** Where somebody is typing, and when that ends by itself. */
  private readonly ends = new Map<Conversation, ReturnType<typeof setTimeout>>();

  constructor(private readonly tell: (typing: TypingPeople) => void) {}

  /** One types, or has stopped. @returns whether to say so */
  shouldSay(conversation: Conversation, isTyping: boolean): boolean {
    const isSame = this.place === conversation;
    if (!isTyping) {
      const wasOpen = isSame && this.isOpen;
      this.isOpen = false;
      return wasOpen;
    }
    const now = performance.now();
    if (isSame && now - this.saidAt < SAY_EVERY_MS) return false;
    this.place = conversation;
    this.saidAt = now;
    this.isOpen = true;
    return true;
  }

  take(conversation: Conversation, { data, total, ttl }: TypingFrame): void {
    this.show({ conversation, people: data, total });
    if (total === 0) return;
    const end = (): void => {
      this.end(conversation);
    };
    this.ends.set(conversation, setTimeout(end, ttl));
  }

  /** The conversation has another name, or is over: who types there is told anew. */
  forget(conversation: Conversation): void {
    if (this.ends.has(conversation)) this.end(conversation);
  }

  /** The connection is gone: it is not known any longer who is typing. */
  clear(): void {
    for (const conversation of [...this.ends.keys()]) this.end(conversation);
  }

  private end(conversation: Conversation): void {
    this.show({ conversation, people: [], total: 0 });
  }

  private show(typing: TypingPeople): void {
    clearTimeout(this.ends.get(typing.conversation));
    this.ends.delete(typing.conversation);
    this.tell(typing);
  }
}
