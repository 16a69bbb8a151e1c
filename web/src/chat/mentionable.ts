import type { Conversation } from '@parley/client';
import type { Person } from '@parley/protocol';
import { signal } from '@preact/signals';
import { namedIn } from '../conversation/mentions.js';

/** Most people that one message may mention. */
const MOST_MENTIONED = 50;

/** Who can be mentioned where, as far as it was asked for: when somebody begins to. */
export class Mentionable {
  private readonly people = signal<ReadonlyMap<Conversation, readonly Person[]>>(new Map());

  in(conversation: Conversation): readonly Person[] {
    return this.people.value.get(conversation) ?? [];
  }

  learn(conversation: Conversation, people: readonly Person[]): void {
    this.people.value = new Map(this.people.value).set(conversation, people);
  }

  /** @returns whom a text names with an @ */
  within(conversation: Conversation, text: string): readonly Person[] {
    const people = this.in(conversation);
    const names = new Set(
      namedIn(
        text,
        people.map(({ username }) => username),
      ).map(({ name }) => name),
    );
    return people.filter(({ username }) => names.has(username)).slice(0, MOST_MENTIONED);
  }
}
