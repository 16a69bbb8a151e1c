import { Logger } from '@nestjs/common';
import { SystemClock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { TokenBuckets } from '../../kernel/limits/token-buckets.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import {
  type PresenceChange,
  type PresencePage,
  PresenceStore,
  type Present,
} from '../../presence/presence-store.js';
import { type OwnConnection, OwnPeople } from './own-people.js';
import { AMONG, ARRIVE, DEPART, PAGE, RENEW, RESIGN } from './presence-scripts.js';
import type { RedisLink } from './redis-link.js';
import type { Script } from './script.js';

/** Entries of dead nodes cleared per step: Redis serves nobody else meanwhile. */
const CLEAR_AT_ONCE = 500;
/** Own connections restored at a time. */
const TOLD_AT_ONCE = 200;

/** What no node renews expires after this many lease times (an hour). */
const LIVES_KEPT = 300;

/** Nodes retry Redis at least every two seconds. */
const ALL_BACK_AFTER_MS = 2_500;
const VERSION = 1;

/** Changes elsewhere passed on per second: a large room is told of far fewer. */
const HEARD_PER_SECOND = 1_000;
/** Longest change; an id or a name is shorter. */
const MOST_CHANGE = 2_048;
const MOST_ID = 128;
const MOST_NAME = 512;
/** The latest time that a Date can hold (ms since the epoch). */
const LATEST_TIME = 8.64e15;

/** Announces an own change to all nodes, this one included. */
const TO_ALL = '';
/** Announces to nobody. */
const TO_NOBODY = '-';

export interface Lease {
  readonly lifeMs: number;
  readonly renewEveryMs: number;
}

/** A dead node's people are gone after the lease time and one renewal of another node. */
export const LEASE: Lease = { lifeMs: 12_000, renewEveryMs: 3_000 };

/**
 * Presence in Redis. While Redis cannot be reached, a node knows its own people only, and announces
 * nothing; what happened meanwhile is announced once it is back.
 */
export class RedisPresenceStore extends PresenceStore {
  override readonly isShared = true;
  private readonly logger = new Logger(RedisPresenceStore.name);
  private readonly own = new OwnPeople();
  private readonly listeners = new Set<(change: PresenceChange) => void>();
  private readonly keys: readonly string[];
  private readonly nodeKeys: string;
  private readonly channel: string;
  private birth: string | null = null;
  private readonly timers = new Set<Timer>();
  private renewing: Promise<void> | null = null;
  private counting: Promise<number> | null = null;
  private endOfChanges: (() => void) | null = null;
  private readonly heard = new TokenBuckets(new SystemClock(), HEARD_PER_SECOND, HEARD_PER_SECOND);

  constructor(
    private readonly link: RedisLink,
    private readonly scheduler: Scheduler,
    private readonly lease: Lease = LEASE,
  ) {
    super();
    const key = (name: string): string => link.tagged('presence', name);
    this.nodeKeys = key('node:');
    this.channel = key('changes');
    const kinds = ['leases', 'conns', 'counts', 'people', 'order', 'birth'];
    this.keys = [...kinds.map(key), this.nodeKeys + link.node];
  }

  async start(): Promise<void> {
    await this.link.subscribe(this.channel, (payload) => {
      this.hear(payload);
    });
    this.endOfChanges = this.link.onChange((isUp) => {
      if (isUp) void this.renew();
    });
    this.timers.add(
      this.scheduler.every(this.lease.renewEveryMs, () => {
        void this.renew();
      }),
    );
    await this.renew();
  }

  /** Whoever reconnects to another node within this time never left. */
  async stop(graceMs: number): Promise<void> {
    for (const timer of this.timers) this.scheduler.cancel(timer);
    this.endOfChanges?.();
    await this.renewing;
    await this.run(RESIGN, [this.link.node, Math.min(graceMs, this.lease.lifeMs)]).catch(
      () => undefined,
    );
  }

  override async arrive(person: Person, connectionId: string, now: number): Promise<boolean> {
    const connection = this.own.add(person, connectionId, now);
    const answer = await this.tellArrival(connection, this.link.node);
    if (answer !== 'no-lease') return answer === 'changed';
    await this.renew();
    return false;
  }

  override async depart(person: Person, connectionId: string): Promise<boolean> {
    const connection = this.own.remove(person, connectionId);
    return connection !== null && this.tellDeparture(connection, this.link.node);
  }

  override async page(limit: number, after?: string): Promise<PresencePage> {
    try {
      const [total, last, ...values] = (await this.run(PAGE, [after ?? '', limit])) as [
        number,
        string,
        ...unknown[],
      ];
      return { items: rowsOf(values), total, next: last === '' ? null : last };
    } catch (error) {
      this.reportUnlessDown(error);
      return this.own.page(limit, after);
    }
  }

  override async among(ids: readonly string[]): Promise<readonly Present[]> {
    const sorted = [...new Set(ids)].sort();
    if (sorted.length === 0) return [];
    try {
      return rowsOf((await this.run(AMONG, sorted)) as readonly unknown[]);
    } catch (error) {
      this.reportUnlessDown(error);
      return this.own.among(sorted);
    }
  }

  /** Coalesced: every change asks, and concurrent calls share an answer. */
  override count(): Promise<number> {
    this.counting ??= this.page(0)
      .then(({ total }) => total)
      .finally(() => {
        this.counting = null;
      });
    return this.counting;
  }

  override onElsewhere(listener: (change: PresenceChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Renews the lease, clears entries of dead nodes, and restores what Redis does not know. */
  private renew(): Promise<void> {
    this.renewing ??= this.renewNow()
      .catch((error: unknown) => {
        this.reportUnlessDown(error);
      })
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }

  private async renewNow(): Promise<void> {
    if (!this.link.isUp) return;
    const fresh = `${this.link.node} ${String(performance.now())}`;
    const { lifeMs } = this.lease;
    const values = [this.link.node, lifeMs, fresh, this.nodeKeys, CLEAR_AT_ONCE, this.keepMs];
    for (let more = 1; more === 1;) {
      const [birth, known, rest] = (await this.run(RENEW, values)) as [string, number, number];
      if (known === 0) this.own.doubt();
      // A Redis that lost its memory has told nobody that these people left.
      await this.catchUp(this.birth !== null && this.birth !== birth ? TO_NOBODY : TO_ALL);
      this.birth = birth;
      more = rest;
    }
  }

  private async catchUp(from: string): Promise<void> {
    for (const gone of this.own.takeGone()) await this.tellDeparture(gone, from);
    const unsure = this.own.unsure();
    const entered: OwnConnection[] = [];
    for (let start = 0; start < unsure.length; start += TOLD_AT_ONCE) {
      const some = unsure.slice(start, start + TOLD_AT_ONCE).map(async (one) => {
        const isNews = from === TO_ALL || !one.isSent;
        const answer = await this.tellArrival(one, TO_NOBODY);
        if (answer === 'changed' && isNews) entered.push(one);
      });
      await Promise.all(some);
    }
    if (entered.length > 0) this.announceLater(entered);
  }

  /** After an outage nodes reconnect one by one: an announcement made at once would miss some. */
  private announceLater(entered: readonly OwnConnection[]): void {
    const timer = this.scheduler.after(ALL_BACK_AFTER_MS, () => {
      this.timers.delete(timer);
      for (const one of entered) {
        if (!this.own.has(one)) continue;
        const { id, username } = one.person;
        const word = [VERSION, TO_ALL, 'enter', [id, username], Date.now()];
        this.link.publish(this.channel, JSON.stringify(word));
      }
    });
    this.timers.add(timer);
  }

  private async tellArrival(
    connection: OwnConnection,
    from: string,
  ): Promise<'changed' | 'unchanged' | 'no-lease'> {
    if (!this.link.isUp) return 'unchanged';
    const { person, connectionId, since } = connection;
    connection.send();
    try {
      const about = JSON.stringify({ u: person.username, s: since });
      const values = [this.link.node, person.id, connectionId, about, from, since, this.keepMs];
      const answer = await this.run(ARRIVE, values);
      if (answer === -1) return 'no-lease';
      connection.confirm();
      // It went while the answer was in flight, and its departure may have come first.
      if (!this.own.has(connection)) await this.tellDeparture(connection, TO_ALL);
      return answer === 1 ? 'changed' : 'unchanged';
    } catch (error) {
      this.reportUnlessDown(error);
      return 'unchanged';
    }
  }

  private async tellDeparture(connection: OwnConnection, from: string): Promise<boolean> {
    const { person, connectionId } = connection;
    try {
      const values = [this.link.node, person.id, connectionId, from, Date.now()];
      return (await this.run(DEPART, values)) === 1;
    } catch (error) {
      this.reportUnlessDown(error);
      this.own.owe(connection);
      return false;
    }
  }

  private run(script: Script, values: readonly (string | number)[]): Promise<unknown> {
    const publish = this.link.isCluster ? 'SPUBLISH' : 'PUBLISH';
    return this.link.run(script, this.keys, [publish, this.channel, ...values]);
  }

  private hear(payload: string): void {
    const change = changeOf(payload, this.link.node);
    if (change === 'own') return;
    if (change === null || this.heard.take('') > 0) {
      this.link.refused.count(change === null ? 'malformed' : 'too-many');
      return;
    }
    for (const listener of this.listeners) listener(change);
  }

  private get keepMs(): number {
    return this.lease.lifeMs * LIVES_KEPT;
  }

  private reportUnlessDown(error: unknown): void {
    if (this.link.isUp) this.logger.error({ event: 'presence-store-failed', error });
  }
}

/** Entries that no node wrote are skipped. */
function rowsOf(values: readonly unknown[]): readonly Present[] {
  const rows: Present[] = [];
  for (let at = 0; at + 3 < values.length; at += 4) {
    const [id, username, connections, since] = values.slice(at, at + 4);
    const [count, time] = [Number(connections), Number(since)];
    if (!isShort(id, MOST_ID) || !isShort(username, MOST_NAME)) continue;
    if (count > 0 && isTime(time)) rows.push({ id, username, connections: count, since: time });
  }
  return rows;
}

/** @returns null for what no node of this version sends */
function changeOf(payload: string, self: string): PresenceChange | 'own' | null {
  if (payload.length > MOST_CHANGE) return null;
  try {
    const [version, node, kind, person, time] = JSON.parse(payload) as unknown[];
    if (node === self) return 'own';
    if (version !== VERSION || !Array.isArray(person) || !isTime(time)) return null;
    if (kind !== 'enter' && kind !== 'leave') return null;
    const [id, username] = person as unknown[];
    if (!isShort(id, MOST_ID) || !isShort(username, MOST_NAME)) return null;
    return { kind, person: { id, username }, time };
  } catch {
    return null;
  }
}

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LATEST_TIME;
}
