import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { UlidFactory } from '../../kernel/ids.js';
import { Refusal } from '../../kernel/refusal.js';
import { noticeText } from '../../kernel/locale/texts.js';
import { AccountWatch } from './account-watch.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { FamiliarAddresses } from './familiar-addresses.js';
import { Guests } from './guests.js';
import { parseUsername, readUsername, type Username } from '../names/username.js';
import { readNewPassword, readPassword } from './password.js';
import { PasswordHasher } from './password-hasher.js';
import { type Account, UserStore } from './user-store.js';

/** How many guest numbers to try when others already have the names they make. */
const GUEST_NAME_TRIES = 100;

/** The account that log-ins with an impossible name are counted under. */
const NOBODY = '';

/**
 * Who may come in, and under which account. `address` is the client's address as limits count it.
 *
 * Each method throws Refusal `rate-limited` beyond the limits, and `busy` while too many passwords
 * are being hashed.
 */
@Injectable()
export class AccountService {
  private readonly ids = new UlidFactory();

  constructor(
    private readonly users: UserStore,
    private readonly hasher: PasswordHasher,
    private readonly attempts: AttemptLimiter,
    private readonly familiar: FamiliarAddresses,
    private readonly guests: Guests,
    private readonly watch: AccountWatch,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @throws Refusal `registration-closed`, `username-invalid`, `username-taken` or, for a password
   *   that is too short or too long, `invalid-field`
   */
  async register(username: string, password: string, address: string): Promise<Account> {
    if (!this.settings.registration) throw new Refusal('registration-closed');
    this.attempts.countEntry(address);
    const name = parseUsername(username, this.settings.limits.usernameLength);
    const secret = readNewPassword(password, this.settings.limits, 'password');
    this.attempts.admitAccount(address);
    const stranger = { address, isFamiliar: false };
    const account = await this.create(name, await this.hasher.hash(secret, stranger));
    this.attempts.countAccount(address);
    await this.familiar.welcome(account, address);
    await this.watch.created(account);
    return account;
  }

  /** @throws Refusal `invalid-credentials`, which does not tell whether the name is known */
  async logIn(username: string, password: string, address: string): Promise<Account> {
    const { limits } = this.settings;
    this.attempts.countEntry(address);
    const secret = readPassword(password, limits, 'password');
    const name = readUsername(username, limits.usernameLength)?.canonical ?? NOBODY;
    const asker = { address, isFamiliar: await this.familiar.includes(name, address) };
    this.attempts.admitPassword(name, asker);
    const account = await this.users.findByName(name);
    const matches = await this.hasher.verify(account?.passwordHash ?? null, secret, asker);
    if (account === null || !matches) {
      this.attempts.countWrongPassword(name, asker);
      throw new Refusal('invalid-credentials');
    }
    await this.welcome(account, address);
    return account;
  }

  /** Remembers this address as the owner's, who proved it by a password or a refresh token. */
  async welcome(account: Account, address: string): Promise<void> {
    this.attempts.forgive(account.canonicalName, address);
    await this.familiar.welcome(account, address);
  }

  /**
   * Creates an account without a password, under the wanted name or a numbered one.
   * @throws Refusal `guests-closed`, `too-many-guests`, `username-invalid` or `username-taken`
   */
  async admitGuest(username: string | null, address: string): Promise<Account> {
    if (!this.settings.guests) throw new Refusal('guests-closed');
    this.attempts.countEntry(address);
    const name =
      username === null ? null : parseUsername(username, this.settings.limits.usernameLength);
    this.attempts.admitAccount(address);
    await this.guests.admit();
    const account = await (name === null ? this.createNumberedGuest() : this.create(name, null));
    this.attempts.countAccount(address);
    this.guests.came();
    await this.watch.created(account);
    return account;
  }

  /**
   * Checks what a change of password needs, and hashes the new one. Nothing is replaced yet.
   * @returns the hash of the password that was proved, and that of the new one
   * @throws Refusal `guest-has-no-password`, `wrong-password` or `invalid-field`
   */
  async proveForChange(
    userId: string,
    current: string,
    next: string,
    address: string,
  ): Promise<{ readonly from: string; readonly to: string }> {
    const account = await this.users.findById(userId);
    if (account === null) throw new Refusal('invalid-token');
    if (account.passwordHash === null) throw new Refusal('guest-has-no-password');
    const secret = readPassword(current, this.settings.limits, 'current_password');
    const replacement = readNewPassword(next, this.settings.limits, 'new_password');
    const name = account.canonicalName;
    // Whoever has a session was let in before, and must not queue behind strangers.
    const owner = { address, isFamiliar: true };
    const isFamiliar = await this.familiar.includes(name, address);
    this.attempts.admitPassword(name, { address, isFamiliar });
    if (!(await this.hasher.verify(account.passwordHash, secret, owner))) {
      this.attempts.countWrongPassword(name, { address, isFamiliar });
      throw new Refusal('wrong-password', { field: 'current_password' });
    }
    return { from: account.passwordHash, to: await this.hasher.hash(replacement, owner) };
  }

  private async create(name: Username, passwordHash: string | null): Promise<Account> {
    const account = this.accountOf(name, passwordHash);
    if (await this.users.create(account)) return account;
    // The name may belong to a guest who has expired.
    if ((await this.guests.release(name)) && (await this.users.create(account))) return account;
    throw new Refusal('username-taken', { field: 'username' });
  }

  private async createNumberedGuest(): Promise<Account> {
    const { locale, limits } = this.settings;
    for (let tries = 0; tries < GUEST_NAME_TRIES; tries++) {
      const number = await this.users.nextGuestNumber();
      const name = readUsername(noticeText(locale, 'guest', String(number)), limits.usernameLength);
      if (name === null) break;
      const account = this.accountOf(name, null);
      if (await this.users.create(account)) return account;
    }
    throw new Refusal('busy');
  }

  private accountOf(name: Username, passwordHash: string | null): Account {
    const createdAt = this.clock.now();
    return {
      id: this.ids.next(createdAt),
      username: name.displayed,
      canonicalName: name.canonical,
      skeleton: name.skeleton,
      passwordHash,
      createdAt,
    };
  }
}
