import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { Tally } from '../kernel/tally.js';
import { CLOSE_CODES } from './close-codes.js';
import { WIRES } from './codec/wire-format.js';
import type { Connection } from './connection.js';

/** Every open connection of this node: all, by person, by session; counted by address. */
@Injectable()
export class ConnectionRegistry {
  readonly open = new Tally('transport', WIRES);
  readonly opened = new Tally('transport', WIRES);
  readonly closed = new Tally('code', CLOSE_CODES);
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Connection[]>();
  private readonly byAddress = new Map<string, number>();
  private readonly limits: Settings['limits'];

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.limits = settings.limits;
  }

  get size(): number {
    return this.connections.size;
  }

  /** How many people have a connection here. */
  get people(): number {
    return this.byPerson.size;
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

  add(connection: Connection): void {
    this.connections.add(connection);
    this.open.count(connection.format.wire);
    this.opened.count(connection.format.wire);
    const own = this.byPerson.get(connection.person.id);
    if (own) own.push(connection);
    else this.byPerson.set(connection.person.id, [connection]);
  }

  remove(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    this.open.count(connection.format.wire, -1);
    this.closed.count(connection.closedWith ?? 1006);
    const own = this.byPerson.get(connection.person.id) ?? [];
    const rest = own.filter((other) => other !== connection);
    if (rest.length > 0) this.byPerson.set(connection.person.id, rest);
    else this.byPerson.delete(connection.person.id);
  }
}

function isFull(count: number, limit: number): boolean {
  return limit > 0 && count >= limit;
}
