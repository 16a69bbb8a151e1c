import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { Chance } from './chance.js';
import type { Crowd } from './crowd.js';
import type { Ledger } from './ledger.js';
import type { Stage } from './stage.js';

/** Acknowledged messages after which a life ends: 1 to this. */
const LONGEST_LIFE = 1_400;
const LONGEST_LIFE_MS = 15_000;
/** Kills that come while the node is still starting. */
const EARLY_KILLS = 0.1;
/** Kills of a node after which one of the parts that all share is killed, too. */
const PART_KILLS = 0.3;
/** So long whatever is shared stays away. */
const LONGEST_ABSENCE_MS = 500;
/** So long it takes at most until clients know that their connection is gone. */
const NEWS_MS = 50;

/** How long it took after a kill. */
export interface Recovery {
  readonly readyMs: number;
  /** Every client is back and has everything; null where the next kill came before. */
  caughtUpMs: number | null;
}

/** Kills nodes and what they share, and cuts connections, at moments that nobody can foresee. */
export class Saboteur {
  /** Of nodes. */
  kills = 0;
  /** By name, of what nodes share. */
  readonly partKills: Record<string, number>;
  cuts = 0;
  readonly recoveries: Recovery[] = [];
  private cutter: NodeJS.Timeout | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly proxy: TcpProxy,
    private readonly crowd: Crowd,
    private readonly ledger: Ledger,
    private readonly chance: Chance,
  ) {
    this.partKills = Object.fromEntries(Object.keys(stage.parts).map((name) => [name, 0]));
  }

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

  /** Lets all live for a random number of messages. */
  async letLive(): Promise<void> {
    await this.ledger.more(this.chance.between(1, LONGEST_LIFE), LONGEST_LIFE_MS);
    // Not always right behind an Ack.
    await sleep(this.chance.between(0, 5));
  }

  /** Kills a node, sometimes once more in its start, and waits until it is ready again. */
  async killAndRestart(): Promise<void> {
    const node = this.chance.pick(this.stage.nodes);
    let killedAt = performance.now();
    this.kills += 1;
    await node.kill();
    await this.killPart();
    while (this.chance.happens(EARLY_KILLS)) {
      const start = node.start().catch(() => undefined);
      await sleep(this.chance.between(0, 1_000));
      killedAt = performance.now();
      this.kills += 1;
      await node.kill();
      await start;
    }
    await sleep(NEWS_MS);
    const complete = this.crowd.complete();
    await node.start();
    const recovery: Recovery = { readyMs: performance.now() - killedAt, caughtUpMs: null };
    this.recoveries.push(recovery);
    void complete.then(() => (recovery.caughtUpMs = performance.now() - killedAt));
  }

  /** Kills everything at once: what follows is read from the disk. */
  async killAll(): Promise<void> {
    const { nodes, parts } = this.stage;
    this.kills += nodes.length;
    await Promise.all([...nodes, ...Object.values(parts)].map((victim) => victim.kill()));
    await Promise.all(Object.values(parts).map((part) => part.start()));
    await Promise.all(nodes.map((node) => node.start()));
  }

  private async killPart(): Promise<void> {
    const parts = Object.entries(this.stage.parts);
    if (parts.length === 0 || !this.chance.happens(PART_KILLS)) return;
    const [name, part] = this.chance.pick(parts);
    this.partKills[name] = (this.partKills[name] ?? 0) + 1;
    await part.kill();
    await sleep(this.chance.between(0, LONGEST_ABSENCE_MS));
    await part.start();
  }
}
