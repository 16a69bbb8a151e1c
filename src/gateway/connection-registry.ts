import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import type { Connection } from './connection.js';

/** Told of a person's first connection here, and of the end of the last one. */
export interface PeopleWatch {
  follow(personId: string): void;
  unfollow(personId: string): void;
}

/** Every open connection of this node: all, by person, by session; counted by address. */
@Injectable()
export class ConnectionRegistry {
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Connection[]>();
  private readonly byAddress = new Map<string, number>();
  private readonly limits: Settings['limits'];
  private watch: PeopleWatch | null = null;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.limits = settings.limits;
  }

  get size(): number {
    return this.connections.size;
  }

  all(): Iterable<Connection> {
    return this.connections;
  }

  ofPerson(personId: string): readonly Connection[] {
    return this.byPerson.get(personId) ?? [];
  }

  /** Takes a place for a socket of that address. @throws Refusal where there is none */
  reserve(address: string): void {
    const taken = this.byAddress.get(address) ?? 0;
    if (isFull(taken, this.limits.connectionsPerAddress)) {
      throw new Refusal('too-many-connections', { retryable: true });
    }
    if (isFull(this.connections.size, this.limits.connections)) {
      throw new Refusal('too-many-connections', { retryable: true });
    }
    this.byAddress.set(address, taken + 1);
  }

  /** Gives the place back. */
  release(address: string): void {
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }

  /** @throws Refusal where the person has as many connections as one may have */
  checkPerson(personId: string): void {
    if (isFull(this.ofPerson(personId).length, this.limits.connectionsPerUser)) {
      throw new Refusal('too-many-connections', { retryable: true });
    }
  }

  /** There is one who watches. */
  watchPeople(watch: PeopleWatch): void {
    this.watch = watch;
  }

  add(connection: Connection): void {
    this.connections.add(connection);
    const { id } = connection.person;
    const own = this.byPerson.get(id);
    if (own) {
      own.push(connection);
    } else {
      this.byPerson.set(id, [connection]);
      this.watch?.follow(id);
    }
  }

  remove(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    const { id } = connection.person;
    const own = this.byPerson.get(id) ?? [];
    const rest = own.filter((other) => other !== connection);
    if (rest.length > 0) {
      this.byPerson.set(id, rest);
    } else {
      this.byPerson.delete(id);
      this.watch?.unfollow(id);
    }
  }
}

function isFull(count: number, limit: number): boolean {
  return limit > 0 && count >= limit;
}
