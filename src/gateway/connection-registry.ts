import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import type { Connection } from './connection.js';

/** Every open connection of this node: all, by person, by session; counted by address. */
@Injectable()
export class ConnectionRegistry {
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Connection[]>();
  private readonly byAddress = new Map<string, number>();
  /** Places that are taken, also by those who were not let in yet. */
  private places = 0;
  private readonly limits: Settings['limits'];

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
    if (isFull(this.places, this.limits.connections)) {
      throw new Refusal('too-many-connections', { retryable: true });
    }
    this.places++;
    this.byAddress.set(address, taken + 1);
  }

  /** Gives the place back. */
  release(address: string): void {
    this.places--;
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

  add(connection: Connection): void {
    this.connections.add(connection);
    const own = this.byPerson.get(connection.person.id);
    if (own) own.push(connection);
    else this.byPerson.set(connection.person.id, [connection]);
  }

  remove(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    const own = this.byPerson.get(connection.person.id) ?? [];
    const rest = own.filter((other) => other !== connection);
    if (rest.length > 0) this.byPerson.set(connection.person.id, rest);
    else this.byPerson.delete(connection.person.id);
  }
}

function isFull(count: number, limit: number): boolean {
  return limit > 0 && count >= limit;
}
