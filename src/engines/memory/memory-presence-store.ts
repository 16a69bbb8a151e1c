import { Injectable } from '@nestjs/common';
import type { Person } from '../../kernel/person.js';
import { type PresencePage, PresenceStore, type Present } from '../../presence/presence-store.js';

interface Entry {
  readonly person: Person;
  readonly since: number;
  readonly connections: Set<string>;
}

/** Presence on a single node: the process is its lease. */
@Injectable()
export class MemoryPresenceStore extends PresenceStore {
  override get isShared(): boolean {
    return false;
  }
  private readonly entries = new Map<string, Entry>();
  /** The ids of the people here, ascending. */
  private readonly order: string[] = [];

  override arrive(person: Person, connectionId: string, now: number): Promise<boolean> {
    const known = this.entries.get(person.id);
    if (known !== undefined) {
      known.connections.add(connectionId);
      return Promise.resolve(false);
    }
    const { id, username } = person;
    this.entries.set(id, {
      person: { id, username },
      since: now,
      connections: new Set([connectionId]),
    });
    this.order.splice(this.position(id), 0, id);
    return Promise.resolve(true);
  }

  override depart(person: Person, connectionId: string): Promise<boolean> {
    const entry = this.entries.get(person.id);
    if (entry?.connections.delete(connectionId) !== true || entry.connections.size > 0) {
      return Promise.resolve(false);
    }
    this.entries.delete(person.id);
    this.order.splice(this.position(person.id), 1);
    return Promise.resolve(true);
  }

  override page(limit: number, after?: string): Promise<PresencePage> {
    const start = after === undefined ? 0 : this.position(after, 'behind');
    const ids = this.order.slice(start, start + limit);
    const items = this.present(ids);
    const more = start + ids.length < this.order.length;
    return Promise.resolve({
      items,
      total: this.order.length,
      next: more ? (ids.at(-1) ?? null) : null,
    });
  }

  override among(ids: readonly string[]): Promise<readonly Present[]> {
    return Promise.resolve(this.present([...new Set(ids)].sort()));
  }

  override count(): Promise<number> {
    return Promise.resolve(this.order.length);
  }

  /** There are no other nodes. */
  override onElsewhere(): () => void {
    return () => undefined;
  }

  private present(ids: readonly string[]): readonly Present[] {
    return ids.flatMap((id) => {
      const entry = this.entries.get(id);
      if (entry === undefined) return [];
      return [{ ...entry.person, connections: entry.connections.size, since: entry.since }];
    });
  }

  /** The index where the id is or belongs; `behind` it where it is there. */
  private position(id: string, side: 'at' | 'behind' = 'at'): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.order[middle] ?? '';
      if (other < id || (side === 'behind' && other === id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
