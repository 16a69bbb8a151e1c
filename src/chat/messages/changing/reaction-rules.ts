import { Refusal } from '../../../kernel/refusal.js';
import type { Person } from '../../../kernel/person.js';
import type { KeyedPerson } from '../../log/message-change.js';
import type { ReactionChange } from '../kinds/reaction.js';

/** Keys that a message can have. */
export const MOST_KINDS = 20;
/** Keys that one person can give a message. */
export const MOST_OWN = 10;
/** People whom an event names for each key and direction. */
const MOST_NAMED = 10;

/** What somebody wants. */
export interface ReactionWish {
  readonly person: Person;
  readonly key: string;
  readonly op: 'add' | 'remove';
}

/** A message's reactions as they are. */
export interface Reactions {
  /** How many have reacted, by key. */
  readonly counts: ReadonlyMap<string, number>;
  /** With what those have reacted who want something. */
  readonly held: readonly KeyedPerson[];
}

export interface MergedReactions {
  readonly added: readonly KeyedPerson[];
  readonly removed: readonly KeyedPerson[];
  /** The keys that change, as they are from here on; empty where nothing does. */
  readonly keys: Readonly<Record<string, ReactionChange>>;
  /** In the order of the wishes: why one is not fulfilled; null: it is. */
  readonly refusals: readonly (Refusal | null)[];
}

/** Fulfils wishes one after the other, each as if it were alone: twice is once. */
export function mergeReactions(
  wishes: readonly ReactionWish[],
  before: Reactions,
): MergedReactions {
  const table = new ReactionTable(before);
  const refusals = wishes.map((wish) => table.fulfil(wish));
  return { ...table.changes(), refusals };
}

class ReactionTable {
  private readonly before: ReadonlySet<string>;
  /** By the id of a person: the keys. */
  private readonly held = new Map<string, Set<string>>();
  private readonly counts: Map<string, number>;
  private readonly people = new Map<string, Person>();

  constructor({ counts, held }: Reactions) {
    this.counts = new Map(counts);
    for (const { key, person } of held) this.of(person).add(key);
    this.before = new Set(held.map(nameOf));
  }

  fulfil({ person, key, op }: ReactionWish): Refusal | null {
    this.people.set(person.id, person);
    const own = this.of(person.id);
    if (own.has(key) === (op === 'add')) return null;
    if (op === 'add') {
      const count = this.counts.get(key) ?? 0;
      if (count === 0 && this.kinds >= MOST_KINDS) {
        return new Refusal('limit-reached', { limit: MOST_KINDS });
      }
      if (own.size >= MOST_OWN) return new Refusal('limit-reached', { limit: MOST_OWN });
      own.add(key);
      this.counts.set(key, count + 1);
    } else {
      own.delete(key);
      this.counts.set(key, (this.counts.get(key) ?? 1) - 1);
    }
    return null;
  }

  changes(): Omit<MergedReactions, 'refusals'> {
    const added: KeyedPerson[] = [];
    const after = new Set<string>();
    for (const [person, keys] of this.held) {
      for (const key of keys) {
        const one = { key, person };
        after.add(nameOf(one));
        if (!this.before.has(nameOf(one))) added.push(one);
      }
    }
    const removed = [...this.before].filter((name) => !after.has(name)).map(named);
    const changed = new Set([...added, ...removed].map(({ key }) => key));
    const keys = [...changed].map((key) => [key, this.changeOf(key, added, removed)] as const);
    return { added, removed, keys: Object.fromEntries(keys) };
  }

  private changeOf(
    key: string,
    added: readonly KeyedPerson[],
    removed: readonly KeyedPerson[],
  ): ReactionChange {
    const people = (all: readonly KeyedPerson[]): Person[] =>
      all
        .filter((one) => one.key === key)
        .flatMap(({ person }) => this.people.get(person) ?? [])
        .slice(0, MOST_NAMED);
    return { count: this.counts.get(key) ?? 0, added: people(added), removed: people(removed) };
  }

  private get kinds(): number {
    return [...this.counts.values()].filter((count) => count > 0).length;
  }

  private of(personId: string): Set<string> {
    const known = this.held.get(personId) ?? new Set<string>();
    this.held.set(personId, known);
    return known;
  }
}

/** Ids have no blank, and keys none. */
function nameOf({ key, person }: KeyedPerson): string {
  return `${person} ${key}`;
}

function named(name: string): KeyedPerson {
  const [person = '', key = ''] = name.split(' ');
  return { key, person };
}
