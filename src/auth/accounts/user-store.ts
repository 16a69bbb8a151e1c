import type { Person } from '../../kernel/person.js';

/** What is kept of somebody who may log in. */
export interface Account extends Person {
  /** The name as it is compared: two accounts never share one. */
  readonly canonicalName: string;
  /** What the name looks like; two accounts never share one either. */
  readonly skeleton: string;
  /** argon2id in PHC form; null for a guest. */
  readonly passwordHash: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A place from which somebody has come in. */
export interface FamiliarAddress {
  /** Stands for account and address together. */
  readonly hash: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Addresses of the account that are kept, this one included: those seen last. */
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

  /** Notes that somebody came in there, or did so again. */
  abstract noteAddress(address: FamiliarAddress): Promise<void>;

  /** Whether anybody came in there at `since` or later. */
  abstract knowsAddress(hash: string, since: number): Promise<boolean>;

  /** Forgets addresses that were last seen before that. */
  abstract forgetAddresses(before: number): Promise<void>;
}
