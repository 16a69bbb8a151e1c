import type { Person } from '../../kernel/person.js';

/** What is stored of an account. */
export interface Account extends Person {
  /** The name in the form that is compared: unique. */
  readonly canonicalName: string;
  /** What the name looks like: unique as well. */
  readonly skeleton: string;
  /** argon2id in PHC form; null for a guest. */
  readonly passwordHash: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An address from which somebody has come in. */
export interface FamiliarAddress {
  /** Stands for account and address together. */
  readonly hash: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many of the account's addresses to keep, this one included: those seen last. */
  readonly keep: number;
}

/**
 * Accounts, guests included.
 *
 * What resolves is on disk. Names are unique by `canonicalName` and by `skeleton`, also when two
 * creations race: exactly one of them answers true.
 */
export abstract class UserStore {
  /** @returns false, with nothing stored, where the name or its look-alike is taken */
  abstract create(account: Account): Promise<boolean>;

  abstract findByName(canonicalName: string): Promise<Account | null>;

  abstract findById(id: string): Promise<Account | null>;

  /** 1, 2, 3, …: each number is given once, whoever asks, over restarts too. */
  abstract nextGuestNumber(): Promise<number>;

  /** Notes that somebody came in from there, for the first time or again. */
  abstract noteAddress(address: FamiliarAddress): Promise<void>;

  /** Whether anybody came in from there at `since` or later. */
  abstract knowsAddress(hash: string, since: number): Promise<boolean>;

  /** Forgets addresses that were last seen before that. */
  abstract forgetAddresses(before: number): Promise<void>;
}
