import type { Person } from '../kernel/person.js';

/** A person who is here, with their number of connections. */
export interface Present extends Person {
  readonly connections: number;
  /** When the first of these connections came (ms since the epoch). */
  readonly since: number;
}

export interface PresencePage {
  readonly items: readonly Present[];
  /** How many people are here in all. */
  readonly total: number;
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** Somebody came, or went. */
export interface PresenceChange {
  readonly kind: 'enter' | 'leave';
  readonly person: Person;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/**
 * Who is here, over all nodes.
 *
 * Entries belong to a node's lease and expire with it. `arrive` and `depart` say whether the
 * person's first connection came or the last one went, over all nodes. While other nodes cannot be
 * reached they answer no, and `onElsewhere` reports it later.
 */
export abstract class PresenceStore {
  /** Whether other nodes change it, too; this node does not hear of every change. */
  abstract readonly isShared: boolean;

  /** @returns true where that person was not here before */
  abstract arrive(person: Person, connectionId: string, now: number): Promise<boolean>;

  /** @returns true where that was the person's last connection */
  abstract depart(person: Person, connectionId: string): Promise<boolean>;

  /** Ordered by id. @param after the `next` of the page before */
  abstract page(limit: number, after?: string): Promise<PresencePage>;

  abstract count(): Promise<number>;

  /** Those of these people who are here, ordered by id. @param ids at most 1,000 */
  abstract among(ids: readonly string[]): Promise<readonly Present[]>;

  /**
   * Reports everybody who came or went without `arrive` or `depart` on this node having said so: on
   * other nodes, or because a lease expired. Every node hears of each change once, one way or the
   * other, as long as nodes can reach each other.
   * @returns ends the subscription
   */
  abstract onElsewhere(listener: (change: PresenceChange) => void): () => void;
}
