import type { Person } from '../../kernel/person.js';
import type { PresencePage, Present } from '../../presence/presence-store.js';

export interface OwnConnection {
  readonly person: Person;
  readonly connectionId: string;
  readonly since: number;
  /** Whether Redis may know of it. */
  isSent: boolean;
  /** Whether Redis has confirmed it. */
  isSure: boolean;
}

/** This node's connections: the source for restoring what Redis has forgotten. */
export class OwnPeople {
  private readonly connections = new Map<string, OwnConnection>();
  /** Departed connections that Redis may still list. */
  private readonly gone = new Map<string, OwnConnection>();

  add(person: Person, connectionId: string, since: number): OwnConnection {
    const key = keyOf(person, connectionId);
    const known = this.connections.get(key);
    if (known !== undefined) return known;
    const { id, username } = person;
    const added = {
      person: { id, username },
      connectionId,
      since,
      isSent: false,
      isSure: false,
    };
    this.connections.set(key, added);
    this.gone.delete(key);
    return added;
  }

  remove(person: Person, connectionId: string): OwnConnection | null {
    const key = keyOf(person, connectionId);
    const known = this.connections.get(key) ?? null;
    this.connections.delete(key);
    return known;
  }

  /**
   * Its departure has yet to be reported. Bounded: only connections reported before can be owed.
   */
  owe(connection: OwnConnection): void {
    if (connection.isSent)
      this.gone.set(keyOf(connection.person, connection.connectionId), connection);
  }

  /** Takes the departures to be reported. */
  takeGone(): readonly OwnConnection[] {
    const gone = [...this.gone.values()];
    this.gone.clear();
    return gone;
  }

  /** Redis may have lost them all. */
  doubt(): void {
    for (const one of this.connections.values()) one.isSure = false;
  }

  unsure(): readonly OwnConnection[] {
    return [...this.connections.values()].filter((one) => !one.isSure);
  }

  has(connection: OwnConnection): boolean {
    return this.connections.get(keyOf(connection.person, connection.connectionId)) === connection;
  }

  /** A page of this node's people alone. */
  page(limit: number, after = ''): PresencePage {
    const people = this.people();
    const ids = [...people.keys()].sort();
    const rest = ids.filter((id) => id > after);
    const items = rest.slice(0, limit).flatMap((id) => people.get(id) ?? []);
    const next = rest.length > limit ? (items.at(-1)?.id ?? null) : null;
    return { items, total: people.size, next };
  }

  private people(): Map<string, Present> {
    const people = new Map<string, Present>();
    for (const { person, since } of this.connections.values()) {
      const known = people.get(person.id);
      people.set(person.id, {
        ...person,
        connections: (known?.connections ?? 0) + 1,
        since: Math.min(since, known?.since ?? since),
      });
    }
    return people;
  }
}

function keyOf(person: Person, connectionId: string): string {
  return `${person.id}\n${connectionId}`;
}
