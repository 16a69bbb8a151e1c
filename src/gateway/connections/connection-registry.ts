import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { CLOSE_CODES } from '../wire/close-codes.js';
import { WIRES } from '../wire/wire-format.js';
import type { Connection } from './connection.js';

const OF_ADDRESS = 'connections-of-address';
const OF_PERSON = 'connections-of-person';
/** Share of its limit from which on a count is told to other nodes: few get that far. */
const WORTH_TELLING = 1 / 8;

/** Hears of a person's first connection here, and of the end of the last one. */
export interface PeopleWatch {
  follow(personId: string): void;
  unfollow(personId: string): void;
}

/** Every open connection of this node: all, by person, by session; counted by address. */
@Injectable()
export class ConnectionRegistry {
  readonly open = new Tally('transport', WIRES);
  readonly opened = new Tally('transport', WIRES);
  readonly closed = new Tally('code', CLOSE_CODES);
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Connection[]>();
  private readonly byAddress = new Map<string, number>();
  /** Seats that are taken, also by those who were not let in yet. */
  private seats = 0;
  private readonly limits: Settings['limits'];
  private readonly watches: PeopleWatch[] = [];

  constructor(
    private readonly exchange: LimitExchange,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.limits = settings.limits;
    const { connectionsPerAddress, connectionsPerUser } = settings.limits;
    exchange.offer(OF_ADDRESS, () => from(this.byAddress, connectionsPerAddress, (count) => count));
    exchange.offer(OF_PERSON, () => from(this.byPerson, connectionsPerUser, (own) => own.length));
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

  /** Takes a seat for a socket of that address. @throws Refusal where there is none */
  reserve(address: string): void {
    const taken = this.byAddress.get(address) ?? 0;
    const elsewhere = this.exchange.elsewhere(OF_ADDRESS, address);
    if (isFull(taken + elsewhere, this.limits.connectionsPerAddress)) {
      throw new Refusal('too-many-connections');
    }
    if (isFull(this.seats, this.limits.connections)) {
      throw new Refusal('too-many-connections');
    }
    this.seats++;
    this.byAddress.set(address, taken + 1);
  }

  /** Gives the seat back. */
  release(address: string): void {
    this.seats--;
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }

  /** @throws Refusal where the person has reached the limit of connections */
  checkPerson(personId: string): void {
    const elsewhere = this.exchange.elsewhere(OF_PERSON, personId);
    if (isFull(this.ofPerson(personId).length + elsewhere, this.limits.connectionsPerUser)) {
      throw new Refusal('too-many-connections');
    }
  }

  /** To be called before anybody is here. */
  watchPeople(watch: PeopleWatch): void {
    this.watches.push(watch);
  }

  add(connection: Connection): void {
    this.connections.add(connection);
    this.open.count(connection.format.wire);
    this.opened.count(connection.format.wire);
    const { id } = connection.person;
    const own = this.byPerson.get(id);
    if (own) {
      own.push(connection);
    } else {
      this.byPerson.set(id, [connection]);
      for (const watch of this.watches) watch.follow(id);
    }
  }

  remove(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    this.open.count(connection.format.wire, -1);
    this.closed.count(connection.closedWith ?? 1006);
    const { id } = connection.person;
    const own = this.byPerson.get(id) ?? [];
    const rest = own.filter((other) => other !== connection);
    if (rest.length > 0) {
      this.byPerson.set(id, rest);
    } else {
      this.byPerson.delete(id);
      for (const watch of this.watches) watch.unfollow(id);
    }
  }
}

function isFull(count: number, limit: number): boolean {
  return limit > 0 && count >= limit;
}

/** The counts worth telling to other nodes; none without a limit. */
function* from<Value>(
  counted: ReadonlyMap<string, Value>,
  limit: number,
  count: (value: Value) => number,
): Iterable<readonly [string, number]> {
  if (limit === 0) return;
  for (const [key, value] of counted) {
    const level = count(value);
    if (level >= limit * WORTH_TELLING) yield [key, level];
  }
}
