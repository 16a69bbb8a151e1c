import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { LruMap } from './lru-map.js';
import { readDeletedName } from '../names/deleted-name.js';
import { readUsername } from '../names/username.js';
import { type Account, UserStore } from './user-store.js';

const CAPACITY = 10_000;
/** Short, because a guest's name may pass to somebody else. */
const GUEST_KNOWN_FOR_MS = 5_000;

interface Known {
  readonly person: Person;
  /** Monotonic; null: for ever, since accounts with a password are never renamed or removed. */
  readonly until: number | null;
  readonly epoch: number;
}

/**
 * Finds people, and caches the last 10,000 answers, those about guests for five seconds. A name
 * that was not found is not cached: somebody may register it at any time.
 */
@Injectable()
export class UserDirectory {
  /** By the name as it was asked for: computing its canonical form costs more than the look-up. */
  private readonly byName = new LruMap<string, Known>(CAPACITY);
  private readonly byId = new LruMap<string, Known>(CAPACITY);
  /** Rises when guests go, which makes every cached guest stale. */
  private epoch = 0;

  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Finds the person somebody can write to. @param username in any case or width */
  async findByName(username: string): Promise<Person | null> {
    const known = this.good(this.byName.get(username));
    if (known !== null) return known;
    const name = readUsername(username, this.settings.limits.usernameLength);
    const account = name && (await this.users.findByName(name.canonical));
    if (!account || readDeletedName(account.username) !== null) return null;
    return this.keep(this.byName, username, account);
  }

  /** Whether somebody has no password. Not cached: it is rarely asked. */
  async isGuest(id: string): Promise<boolean> {
    return (await this.users.findById(id))?.passwordHash === null;
  }

  async findById(id: string): Promise<Person | null> {
    const known = this.good(this.byId.get(id));
    if (known !== null) return known;
    const account = await this.users.findById(id);
    return account && this.keep(this.byId, id, account);
  }

  /** Finds the other person of a readable conversation: also an account that has lost its name. */
  async findPartner(username: string): Promise<Person | null> {
    const deleted = readDeletedName(username);
    if (deleted === null) return this.findByName(username);
    const account = await this.users.findByName(deleted);
    return account && personOf(account);
  }

  /** Guests of this node have gone: their names may be somebody else's now. */
  forgetGuests(): void {
    this.epoch += 1;
  }

  private good(known: Known | undefined): Person | null {
    if (known === undefined) return null;
    const { person, until, epoch } = known;
    const isGood = until === null || (until > this.clock.monotonic() && epoch === this.epoch);
    return isGood ? person : null;
  }

  private keep(map: LruMap<string, Known>, key: string, account: Account): Person {
    const person = personOf(account);
    const isGuest = account.passwordHash === null;
    const until = isGuest ? this.clock.monotonic() + GUEST_KNOWN_FOR_MS : null;
    map.set(key, { person, until, epoch: this.epoch });
    return person;
  }
}

function personOf({ id, username }: Account): Person {
  return { id, username };
}
