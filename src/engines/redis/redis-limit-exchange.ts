import { LimitExchange, type LimitScope } from '../../kernel/limits/limit-exchange.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { RedisLink } from './redis-link.js';

const TELL_EVERY_MS = 250;
const OFFER_EVERY_MS = 1_000;
/** A level expires when it is not repeated for this long. */
const FORGET_AFTER_MS = 3_500;
/** Keys per scope in one publication; the rest is not told. */
const MOST_KEYS = 5_000;
/** Scopes per publication. */
const MOST_SCOPES = 64;
/** Nodes whose levels are kept. */
const MOST_NODES = 256;

type Amounts = Readonly<Record<string, number>>;

interface Levels {
  readonly saidAt: number;
  readonly scopes: ReadonlyMap<LimitScope, ReadonlyMap<string, number>>;
}

/**
 * Publishes to all nodes several times a second, batched; nothing when there is nothing to tell.
 */
export class RedisLimitExchange extends LimitExchange {
  private readonly untold = new Map<LimitScope, Map<string, number>>();
  private readonly listeners = new Map<LimitScope, (key: string, amount: number) => void>();
  private readonly sources = new Map<LimitScope, () => Iterable<readonly [string, number]>>();
  private readonly others = new Map<string, Levels>();
  private readonly timers: Timer[] = [];

  constructor(
    private readonly link: RedisLink,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  async start(): Promise<void> {
    this.timers.push(
      this.scheduler.every(TELL_EVERY_MS, () => {
        this.flush();
      }),
      this.scheduler.every(OFFER_EVERY_MS, () => {
        this.sayLevels();
      }),
    );
    await this.link.hearNodes(this.link.name('limits'), ({ node, body }) => {
      if (node !== null && body !== null) this.take(node, body);
    });
  }

  stop(): void {
    for (const timer of this.timers) this.scheduler.cancel(timer);
  }

  override tell(scope: LimitScope, key: string, amount: number): void {
    let amounts = this.untold.get(scope);
    if (amounts === undefined) {
      amounts = new Map();
      this.untold.set(scope, amounts);
    }
    const before = amounts.get(key);
    if (before !== undefined || amounts.size < MOST_KEYS) amounts.set(key, (before ?? 0) + amount);
  }

  override hear(scope: LimitScope, listener: (key: string, amount: number) => void): void {
    this.listeners.set(scope, listener);
  }

  override offer(scope: LimitScope, levels: () => Iterable<readonly [string, number]>): void {
    this.sources.set(scope, levels);
  }

  override elsewhere(scope: LimitScope, key: string): number {
    const oldest = performance.now() - FORGET_AFTER_MS;
    let sum = 0;
    for (const { saidAt, scopes } of this.others.values()) {
      if (saidAt >= oldest) sum += scopes.get(scope)?.get(key) ?? 0;
    }
    return sum;
  }

  private flush(): void {
    if (this.untold.size === 0) return;
    const spent = Object.fromEntries(
      [...this.untold].map(([scope, amounts]) => [scope, Object.fromEntries(amounts)]),
    );
    this.untold.clear();
    this.say('spent', spent);
  }

  private sayLevels(): void {
    const scopes: Record<string, Amounts> = {};
    for (const [scope, levels] of this.sources) {
      const told: [string, number][] = [];
      for (const level of levels()) if (told.length < MOST_KEYS) told.push([...level]);
      if (told.length > 0) scopes[scope] = Object.fromEntries(told);
    }
    if (Object.keys(scopes).length > 0) this.say('levels', scopes);
  }

  private say(kind: string, scopes: Readonly<Record<string, Amounts>>): void {
    this.link.tellNodes(this.link.name('limits'), JSON.stringify([kind, scopes]));
  }

  private take(node: string, body: string): void {
    const said = read(body);
    if (said === null) {
      this.link.refused.count('malformed');
      return;
    }
    if (said.kind === 'levels') {
      this.keep(node, said.scopes);
      return;
    }
    for (const [scope, amounts] of said.scopes) {
      const listener = this.listeners.get(scope);
      if (listener) for (const [key, amount] of amounts) listener(key, amount);
    }
  }

  private keep(node: string, scopes: Levels['scopes']): void {
    const now = performance.now();
    for (const [other, { saidAt }] of this.others) {
      if (saidAt < now - FORGET_AFTER_MS) this.others.delete(other);
    }
    if (this.others.size < MOST_NODES) this.others.set(node, { saidAt: now, scopes });
  }
}

interface Said {
  readonly kind: 'spent' | 'levels';
  readonly scopes: ReadonlyMap<LimitScope, ReadonlyMap<string, number>>;
}

/** @returns null for what no node sends */
function read(text: string): Said | null {
  try {
    const [kind, body] = JSON.parse(text) as readonly [unknown, Readonly<Record<string, object>>];
    if (kind !== 'spent' && kind !== 'levels') return null;
    const scopes = Object.entries(body).slice(0, MOST_SCOPES);
    return { kind, scopes: new Map(scopes.map(([scope, amounts]) => [scope, amountsOf(amounts)])) };
  } catch {
    return null;
  }
}

function amountsOf(amounts: object): ReadonlyMap<string, number> {
  const entries = Object.entries(amounts).slice(0, MOST_KEYS) as [string, unknown][];
  return new Map(entries.filter((entry): entry is [string, number] => isAmount(entry[1])));
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
