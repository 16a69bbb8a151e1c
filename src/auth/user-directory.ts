import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import { LruMap } from './lru-map.js';
import { readUsername } from './names/username.js';
import { type Account, UserStore } from './user-store.js';

const CAPACITY = 10_000;

/**
 * Finds people, and remembers the last 10,000 that it found: accounts are never renamed or removed.
 * Whom it did not find it asks for again, as somebody may have registered meanwhile.
 */
@Injectable()
export class UserDirectory {
  private readonly byName = new LruMap<string, Person>(CAPACITY);
  private readonly byId = new LruMap<string, Person>(CAPACITY);

  constructor(
    private readonly users: UserStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @param username in any case or width */
  async findByName(username: string): Promise<Person | null> {
    const name = readUsername(username, this.settings.limits.usernameLength);
    if (name === null) return null;
    const known = this.byName.get(name.canonical);
    return known ?? this.remember(await this.users.findByName(name.canonical));
  }

  async findById(id: string): Promise<Person | null> {
    return this.byId.get(id) ?? this.remember(await this.users.findById(id));
  }

  private remember(account: Account | null): Person | null {
    if (account === null) return null;
    const person: Person = { id: account.id, username: account.username };
    this.byName.set(account.canonicalName, person);
    this.byId.set(account.id, person);
    return person;
  }
}
