import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { randomSecret } from '../../kernel/ids.js';
import { Refusal } from '../../kernel/refusal.js';
import { type Labelled, Tally } from '../../kernel/metrics/tally.js';
import { type Asker, HashQueue } from './hash-queue.js';

/** argon2id, which is the package's default, with the parameters that OWASP recommends. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const RETRY_AFTER_MS = 1_000;

interface Waiting {
  readonly asker: Asker;
  readonly resolve: () => void;
  readonly reject: (refusal: Refusal) => void;
}

/**
 * Hashes and verifies passwords off the event loop, a bounded number at a time; a bounded number
 * more waits in a {@link HashQueue}. Both methods throw Refusal `busy` beyond that.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** Passwords being hashed, and waiting for it. */
  readonly load: Labelled = {
    label: 'state',
    read: () =>
      new Map([
        ['running', this.running],
        ['waiting', this.waiting.size],
      ]),
  };
  /** Passwords hashed so far. */
  done = 0;
  /** Hashes refused, because others were waiting. */
  readonly refused = new Tally('kind', ['familiar', 'stranger']);
  private readonly waiting: HashQueue<Waiting>;
  private readonly concurrency: number;
  private running = 0;
  private hashOfNobody = '';

  constructor(@Inject(SETTINGS) { limits }: Settings) {
    this.concurrency = limits.hashConcurrency;
    this.waiting = new HashQueue(limits.hashQueue);
  }

  async onModuleInit(): Promise<void> {
    this.hashOfNobody = await hash(randomSecret(), COST);
  }

  /** @returns argon2id in PHC form */
  async hash(password: string, asker: Asker): Promise<string> {
    return this.withSlot(asker, async () => hash(password, COST));
  }

  /**
   * @param storedHash null where there is no account: the answer is then false, and takes as long
   *   as any other
   */
  async verify(storedHash: string | null, password: string, asker: Asker): Promise<boolean> {
    const matches = await this.withSlot(asker, async () =>
      verify(storedHash ?? this.hashOfNobody, password),
    );
    return matches && storedHash !== null;
  }

  private async withSlot<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    await this.acquire(asker);
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  private async acquire(asker: Asker): Promise<void> {
    if (this.running < this.concurrency) {
      this.running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      this.refuse(this.waiting.push({ asker, resolve, reject }, asker));
    });
  }

  /** The slot is handed to the next in line directly, so that no newcomer can slip in between. */
  private release(): void {
    this.done++;
    const next = this.waiting.shift();
    if (next) next.resolve();
    else this.running -= 1;
  }

  private refuse(waiting: Waiting | null): void {
    if (waiting === null) return;
    this.refused.count(waiting.asker.isFamiliar ? 'familiar' : 'stranger');
    waiting.reject(new Refusal('busy', { retryAfter: RETRY_AFTER_MS }));
  }
}
