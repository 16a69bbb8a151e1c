import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { SETTINGS, type Settings } from '../config/settings.js';
import { randomSecret } from '../kernel/ids.js';
import { Refusal } from '../kernel/refusal.js';
import type { Labelled } from '../kernel/tally.js';

/** argon2id, which is the package's default, with the parameters that OWASP recommends. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const RETRY_AFTER_MS = 1_000;

/**
 * Hashes and verifies passwords off the event loop, a bounded number at a time; a bounded number
 * waits in line. Both methods throw Refusal `busy` beyond that.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** Passwords that are being hashed, and that wait for it. */
  readonly load: Labelled = {
    label: 'state',
    read: () =>
      new Map([
        ['running', this.running],
        ['waiting', this.waiting.length],
      ]),
  };
  /** Passwords hashed so far. */
  done = 0;
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private hashOfNobody = '';

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async onModuleInit(): Promise<void> {
    this.hashOfNobody = await this.hash(randomSecret());
  }

  /** @returns argon2id in PHC form */
  async hash(password: string): Promise<string> {
    return this.inTurn(async () => hash(password, COST));
  }

  /**
   * @param storedHash null where there is nobody to compare with: the answer is false then, and
   *   takes as long as any other
   */
  async verify(storedHash: string | null, password: string): Promise<boolean> {
    const matches = await this.inTurn(async () =>
      verify(storedHash ?? this.hashOfNobody, password),
    );
    return matches && storedHash !== null;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.acquire();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  private async acquire(): Promise<void> {
    const { hashConcurrency, hashQueue } = this.settings.limits;
    if (this.running < hashConcurrency) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= hashQueue) {
      throw new Refusal('busy', { retryable: true, retryAfter: RETRY_AFTER_MS });
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** The place goes to the next in line as it is, so that nobody can slip in between. */
  private release(): void {
    this.done++;
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
