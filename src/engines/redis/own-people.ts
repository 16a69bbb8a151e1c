import type { Person } from '../../kernel/person.js';
import type { PresencePage, Present } from '../../presence/presence-store.js';

/** A connection of this node, and what Redis knows of it. */
export class OwnConnection {
  private sent = false;
  private confirmed = false;

  constructor(
    readonly person: Person,
    readonly connectionId: string,
    readonly since: number,
  ) {}

  /** Whether Redis may know of it. */
  get isSent(): boolean {
    return this.sent;
  }

  /** Whether Redis has confirmed it. */
  get isSure(): boolean {
    return this.confirmed;
  }

  /** It is about to be sent. */
  send(): void {
    this.sent = true;
  }

  confirm(): void {
    this.confirmed = true;
  }

  /** Redis may have lost it. */
  doubt(): void {
    this.confirmed = false;
  }
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
    const added = new OwnConnection({ id, username }, connectionId, since);
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
    for (const one of this.connections.values()) one.doubt();
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

  /** Those of these people who are connected to this node, in the same order. */
  among(ids: readonly string[]): readonly Present[] {
    const people = this.people();
    return ids.flatMap((id) => people.get(id) ?? []);
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
