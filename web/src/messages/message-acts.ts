import type { Conversation, Message, MessageCalls } from '@parley/client';
import { type ReadonlySignal, signal } from '@preact/signals';
import { texts } from '../language/language.js';
import type { Ask } from './ask.js';

/** What the composer is for, where that is not a message of its own. */
export type Writing =
  | { readonly kind: 'reply'; readonly message: Message }
  | { readonly kind: 'edit'; readonly message: Message };

/** The message whose menu is open, and the button that opened it. */
export interface OpenMenu {
  readonly seq: number;
  readonly opener: HTMLElement;
}

/** Does something to messages of a conversation. */
export type Act = (calls: MessageCalls, conversation: Conversation) => Promise<unknown>;

/** What the person does to messages of the conversation that is shown. */
export class MessageActs {
  readonly writing = signal<Writing | null>(null);
  readonly menu = signal<OpenMenu | null>(null);
  /** The thread that is open, by its first message. */
  readonly thread = signal<number | null>(null);
  /** Why the last act was refused, for people. */
  readonly failure = signal<string | null>(null);

  constructor(
    private readonly ask: Ask,
    private readonly active: ReadonlySignal<Conversation>,
  ) {}

  /** @returns whether it was done; where not, {@link failure} says why */
  async perform(act: Act): Promise<boolean> {
    const conversation = this.active.value;
    this.failure.value = null;
    try {
      const { perform } = await import('./perform.js');
      this.failure.value = await perform(this.ask, (calls) => act(calls, conversation));
    } catch {
      this.failure.value = texts.value.partFailed;
    }
    return this.failure.value === null;
  }

  react(seq: number, key: string, isSet: boolean): void {
    void this.perform((calls, where) =>
      isSet ? calls.react(where, seq, key) : calls.takeBack(where, seq, key),
    );
  }

  /** Gives the message that is being edited another text. */
  async edit({ seq, edited }: Message, text: string): Promise<boolean> {
    const isDone = await this.perform((calls, where) =>
      calls.edit(where, seq, text, edited?.seq ?? seq),
    );
    if (isDone) this.writing.value = null;
    return isDone;
  }

  /** Nothing of another conversation is being done here. */
  leave(): void {
    this.writing.value = null;
    this.menu.value = null;
    this.failure.value = null;
  }
}
