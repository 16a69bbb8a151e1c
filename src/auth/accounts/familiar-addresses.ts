import { createHmac } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { LruMap } from './lru-map.js';
import { type Account, UserStore } from './user-store.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const FAMILIAR_FOR_MS = 30 * DAY_MS;
/** How long a noted visit stays fresh: further visits are not written again. */
const NOTED_FOR_MS = DAY_MS;
const CAPACITY = 100_000;
/** Addresses kept per account; the one unseen for longest is evicted. */
const PER_ACCOUNT = 8;
/** 128 bits: a collision is as good as impossible. */
const HASH_LENGTH = 22;

/** Derives this purpose's own key from the one of access tokens. */
const PURPOSE = 'familiar addresses';

/**
 * Remembers from which addresses an account came in lately, over restarts and for all nodes: from
 * there its owner is let in, whatever strangers do in that name.
 *
 * No address is stored, but a keyed hash of account and address: whoever reads the database cannot
 * tell where somebody was, and whoever has the key as well can only try addresses one by one.
 */
@Injectable()
export class FamiliarAddresses {
  private readonly logger = new Logger('FamiliarAddresses');
  private readonly key: Buffer;
  /** When each pair was last written to the store, as far as this process knows. */
  private readonly noted = new LruMap<string, number>(CAPACITY);

  /** @param secret the one that signs access tokens */
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
    secret: string,
  ) {
    this.key = createHmac('sha256', secret).update(PURPOSE).digest();
  }

  /** @param account canonical name, known or not: both cost the same look into the store */
  async includes(account: string, address: string): Promise<boolean> {
    const since = this.clock.now() - FAMILIAR_FOR_MS;
    const pair = this.hashOf(account, address);
    const known = this.noted.get(pair);
    return known === undefined || known < since ? this.users.knowsAddress(pair, since) : true;
  }

  /** Remembers the address: the owner came in by a password or a refresh token. */
  async welcome({ id, canonicalName, passwordHash }: Account, address: string): Promise<void> {
    // Nobody can log in as a guest, so there is nothing to let in.
    if (passwordHash === null) return;
    const now = this.clock.now();
    const pair = this.hashOf(canonicalName, address);
    const known = this.noted.get(pair);
    if (known !== undefined && Math.abs(now - known) < NOTED_FOR_MS) return;
    try {
      await this.users.noteAddress({ hash: pair, userId: id, at: now, keep: PER_ACCOUNT });
      this.noted.set(pair, now);
    } catch (error) {
      // They are in; being unfamiliar next time is no reason to refuse them now.
      this.logger.warn({ event: 'familiar-address-not-noted', error });
    }
  }

  /** Has the store forget addresses that have not been seen for too long. */
  async prune(now: number): Promise<void> {
    await this.users.forgetAddresses(now - FAMILIAR_FOR_MS);
  }

  private hashOf(account: string, address: string): string {
    const hash = createHmac('sha256', this.key).update(`${address} ${account}`);
    return hash.digest('base64url').slice(0, HASH_LENGTH);
  }
}
