import type { Conversation } from '@parley/client';
import type { Person } from '@parley/protocol';
import { signal } from '@preact/signals';
import { EVERYBODY, namedIn } from '../conversation/mentions.js';

/** Most people that one message may mention. */
const MOST_MENTIONED = 50;

/** Who can be mentioned somewhere. */
export interface Mentionables {
  readonly people: readonly Person[];
  /** Whether everybody can be, at once. */
  readonly all: boolean;
}

const NOBODY: Mentionables = { people: [], all: false };

/** Who can be mentioned where, as far as it was asked for: when somebody begins to. */
export class Mentionable {
  private readonly known = signal<ReadonlyMap<Conversation, Mentionables>>(new Map());

  in(conversation: Conversation): Mentionables {
    return this.known.value.get(conversation) ?? NOBODY;
  }

  learn(conversation: Conversation, { people, all }: Mentionables): void {
    // Somebody may be called so.
    const isTaken = people.some(({ username }) => EVERYBODY.includes(username));
    const known = { people, all: all && !isTaken };
    this.known.value = new Map(this.known.value).set(conversation, known);
  }

  /** @returns whom a text names with an @ */
  within(conversation: Conversation, text: string): Mentionables {
    const { people, all } = this.in(conversation);
    const names = people.map(({ username }) => username);
    // Only where one may: somebody's name may be the beginning of it.
    const looked = all ? [...names, ...EVERYBODY] : names;
    const named = new Set(namedIn(text, looked).map(({ name }) => name));
    return {
      people: people.filter(({ username }) => named.has(username)).slice(0, MOST_MENTIONED),
      all: all && EVERYBODY.some((name) => named.has(name)),
    };
  }
}
