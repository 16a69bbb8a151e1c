import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import { LruMap } from './lru-map.js';
import { readUsername } from './names/username.js';
import { type Account, UserStore } from './user-store.js';

const CAPACITY = 10_000;

/**
 * Finds people, and remembers the last 10,000 answers: accounts are never renamed or removed.
 * Whom it did not find it asks for again, as somebody may have registered meanwhile.
 */
@Injectable()
export class UserDirectory {
  /** By the names as they were asked for: to make out a name's canonical form costs more. */
  private readonly byName = new LruMap<string, Person>(CAPACITY);
  private readonly byId = new LruMap<string, Person>(CAPACITY);

  constructor(
    private readonly users: UserStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @param username in any case or width */
  async findByName(username: string): Promise<Person | null> {
    const known = this.byName.get(username);
    if (known) return known;
    const name = readUsername(username, this.settings.limits.usernameLength);
    const account = name && (await this.users.findByName(name.canonical));
    if (!account) return null;
    const person = personOf(account);
    this.byName.set(username, person);
    return person;
  }

  /** Whether somebody has no password. Nothing of it is remembered: few ask. */
  async isGuest(id: string): Promise<boolean> {
    return (await this.users.findById(id))?.passwordHash === null;
  }

  async findById(id: string): Promise<Person | null> {
    const known = this.byId.get(id);
    if (known) return known;
    const account = await this.users.findById(id);
    if (!account) return null;
    const person = personOf(account);
    this.byId.set(id, person);
    return person;
  }
}

function personOf({ id, username }: Account): Person {
  return { id, username };
}
