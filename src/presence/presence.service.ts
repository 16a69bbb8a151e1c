import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler, type Timer } from '../kernel/scheduler.js';
import type { Person } from '../kernel/person.js';
import {
  type PresenceChange,
  type PresencePage,
  PresenceStore,
  type Present,
} from './presence-store.js';

/** Delay before retrying what the store refused. */
const RETRY_MS = 1_000;

interface Farewell {
  readonly person: Person;
  readonly connectionId: string;
  /** Monotonic milliseconds. */
  readonly due: number;
}

/**
 * Who is here: people, not sockets. Several connections of one person are one entry. A person
 * enters with the first connection, and leaves when the last one has been gone for the grace
 * period, so that a reconnect goes unnoticed.
 */
@Injectable()
export class PresenceService implements OnModuleInit, OnApplicationShutdown {
  /**
   * Rises with every change that this node hears of, including a person's number of connections.
   */
  changes = 0;
  private readonly logger = new Logger(PresenceService.name);
  private readonly graceMs: number;
  private readonly listeners = new Set<(change: PresenceChange) => void>();
  /** Connections of each person on this node. */
  private readonly here = new Map<string, number>();
  /** In order of their due time, since everybody's grace period is the same. */
  private readonly farewells: Farewell[] = [];
  private timer: Timer | null = null;
  private endOfElsewhere: (() => void) | null = null;

  constructor(
    private readonly store: PresenceStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.graceMs = settings.presenceGraceMs;
  }

  onModuleInit(): void {
    this.endOfElsewhere = this.store.onElsewhere((change) => {
      this.announce(change);
    });
  }

  onApplicationShutdown(): void {
    this.endOfElsewhere?.();
    this.scheduler.cancel(this.timer);
    this.timer = null;
  }

  /** @returns ends the subscription */
  onChange(listener: (change: PresenceChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async arrive(person: Person, connectionId: string): Promise<void> {
    this.here.set(person.id, (this.here.get(person.id) ?? 0) + 1);
    const now = this.clock.now();
    const isNew = await this.store.arrive(person, connectionId, now);
    this.changes++;
    if (isNew) this.announce({ kind: 'enter', person, time: now });
  }

  async depart(person: Person, connectionId: string): Promise<void> {
    const left = (this.here.get(person.id) ?? 1) - 1;
    if (left > 0) {
      this.here.set(person.id, left);
      await this.store.depart(person, connectionId);
      this.changes++;
      return;
    }
    this.here.delete(person.id);
    this.farewells.push({ person, connectionId, due: this.clock.monotonic() + this.graceMs });
    this.schedule();
  }

  /** @see PresenceStore.isShared */
  get isShared(): boolean {
    return this.store.isShared;
  }

  list(limit: number, after?: string): Promise<PresencePage> {
    return this.store.page(limit, after);
  }

  /** @see PresenceStore.among */
  among(ids: readonly string[]): Promise<readonly Present[]> {
    return this.store.among(ids);
  }

  count(): Promise<number> {
    return this.store.count();
  }

  private schedule(leastWait = 0): void {
    const next = this.farewells[0];
    if (this.timer !== null || next === undefined) return;
    const wait = Math.max(leastWait, next.due - this.clock.monotonic());
    this.timer = this.scheduler.after(wait, () => {
      this.timer = null;
      this.bidFarewell().catch((error: unknown) => {
        this.logger.error({ event: 'presence-depart-failed', error });
      });
    });
  }

  private async bidFarewell(): Promise<void> {
    let leastWait = RETRY_MS;
    try {
      const now = this.clock.monotonic();
      while (this.farewells[0] !== undefined && this.farewells[0].due <= now) {
        const { person, connectionId } = this.farewells[0];
        const isGone = await this.store.depart(person, connectionId);
        this.changes++;
        if (isGone) {
          this.announce({ kind: 'leave', person, time: this.clock.now() });
        }
        this.farewells.shift();
      }
      leastWait = 0;
    } finally {
      this.schedule(leastWait);
    }
  }

  private announce(change: PresenceChange): void {
    this.changes++;
    for (const listener of this.listeners) listener(change);
  }
}
