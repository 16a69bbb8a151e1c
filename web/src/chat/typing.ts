import type { Conversation, TypingPeople } from '@parley/client';
import { signal } from '@preact/signals';

const NOBODY = { people: [], total: 0 };

/** Who else is typing in each conversation, as far as somebody is. */
export class Typing {
  private readonly all = signal<ReadonlyMap<Conversation, TypingPeople>>(new Map());

  of(conversation: Conversation): Pick<TypingPeople, 'people' | 'total'> {
    return this.all.value.get(conversation) ?? NOBODY;
  }

  take(typing: TypingPeople): void {
    const next = new Map(this.all.value);
    if (typing.total > 0) next.set(typing.conversation, typing);
    else next.delete(typing.conversation);
    this.all.value = next;
  }
}
