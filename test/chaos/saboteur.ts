import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../support/service.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { Chance } from './chance.js';
import type { Crowd } from './crowd.js';
import type { Ledger } from './ledger.js';

/** Acknowledged messages after which a life ends: 1 to this. */
const LONGEST_LIFE = 1_400;
const LONGEST_LIFE_MS = 15_000;
/** Kills that come while the service is still starting. */
const EARLY_KILLS = 0.1;

/** How long it took after a kill. */
export interface Recovery {
  readonly readyMs: number;
  /** Every client is back and has everything; null where the next kill came before. */
  caughtUpMs: number | null;
}

/** Kills the service and cuts its connections, at moments that nobody can foresee. */
export class Saboteur {
  kills = 0;
  cuts = 0;
  readonly recoveries: Recovery[] = [];
  private cutter: NodeJS.Timeout | undefined;

  constructor(
    private readonly service: Service,
    private readonly proxy: TcpProxy,
    private readonly crowd: Crowd,
    private readonly ledger: Ledger,
    private readonly chance: Chance,
  ) {}

  /** Cuts connections until told to stop: after a random byte, in one direction or the other. */
  startCutting(): void {
    this.cutter = setTimeout(
      () => {
        const direction = this.chance.happens(0.5) ? 'up' : 'down';
        this.proxy.cutAfter(this.chance.between(0, 20_000), direction);
        this.cuts += 1;
        this.startCutting();
      },
      this.chance.between(50, 300),
    );
  }

  stopCutting(): void {
    clearTimeout(this.cutter);
    this.proxy.cutAfter(Infinity, 'up');
    this.proxy.cutAfter(Infinity, 'down');
  }

  /** Lets the service live for a random number of messages. */
  async letLive(): Promise<void> {
    await this.ledger.more(this.chance.between(1, LONGEST_LIFE), LONGEST_LIFE_MS);
    // Not always right behind an Ack.
    await sleep(this.chance.between(0, 5));
  }

  /** Kills the service, sometimes once more in its start, and waits until it is ready again. */
  async killAndRestart(): Promise<void> {
    let killedAt = await this.kill();
    while (this.chance.happens(EARLY_KILLS)) {
      const start = this.service.start().catch(() => undefined);
      await sleep(this.chance.between(0, 1_000));
      killedAt = await this.kill();
      await start;
    }
    const complete = this.crowd.complete();
    await this.service.start();
    const recovery: Recovery = { readyMs: performance.now() - killedAt, caughtUpMs: null };
    this.recoveries.push(recovery);
    void complete.then(() => (recovery.caughtUpMs = performance.now() - killedAt));
  }

  private async kill(): Promise<number> {
    this.kills += 1;
    const killedAt = performance.now();
    await this.service.kill();
    return killedAt;
  }
}
