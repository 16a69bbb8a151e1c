import { Logger } from '@nestjs/common';
import { SettingsError } from '../../config/load.js';
import type { Distribution } from '../../kernel/metrics/distribution.js';
import { randomSecret } from '../../kernel/ids.js';
import { Tally } from '../../kernel/metrics/tally.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import { Beats } from './beats.js';
import { Envelope, ENVELOPE_FAULTS, type EnvelopeFault } from './envelope.js';
import type { Script } from './script.js';
import { RedisSession } from './redis-session.js';

const LEAST_WAIT_MS = 100;
const MOST_WAIT_MS = 2_000;
/** Bytes in flight to Redis; beyond them publications are dropped. */
const MOST_BYTES_UNDER_WAY = 8 * 1024 * 1024;

export interface LinkOptions {
  readonly url: string;
  /** Signs what nodes publish: the same on every node of a service. */
  readonly secret: string;
  /** Prefix of every key and channel. */
  readonly prefix: string;
  /**
   * For connecting, and how long Redis may stay silent, give or take a beat, before it counts as
   * down.
   */
  readonly timeoutMs: number;
}

type Hearer = (payload: string) => void;

/** A publication of another node; null fields where its signature does not hold. */
export interface Publication {
  readonly node: string | null;
  readonly body: string | null;
}

const NOT_BELIEVED: Publication = { node: null, body: null };
/** Minimum time between two log lines; the tally counts every case. */
const WARN_EVERY_MS = 60_000;

/**
 * This node's link to Redis. It is up while the node's own publications come back: a half-open link
 * is cut a second or two after the time-out, and opened anew. While it is down every call fails at
 * once; nothing is queued.
 */
export class RedisLink {
  /** Tells this node's publications from others'. */
  readonly node = randomSecret().slice(0, 12);
  /** Publications that were rejected or unreadable. */
  readonly refused = new Tally('reason', [...ENVELOPE_FAULTS, 'malformed', 'too-many']);
  private readonly logger = new Logger('Redis');
  private readonly envelope: Envelope;
  private readonly beats: Beats;
  private readonly hearers = new Map<string, Hearer>();
  private readonly changes = new Set<(isUp: boolean) => void>();
  private session: RedisSession | null = null;
  private opening: Promise<void> | null = null;
  private up = false;
  private closed = false;
  private wait = LEAST_WAIT_MS;
  private retry: Timer | null = null;
  private underWay = 0;
  private isReported = false;
  private warnedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: LinkOptions,
    private readonly scheduler: Scheduler,
  ) {
    this.envelope = new Envelope(options.secret, this.node);
    this.beats = new Beats(scheduler, options.timeoutMs, {
      send: () => {
        this.publish(this.echo, '');
      },
      silent: () => {
        this.report(new Error('Redis does not bring back what is published'));
        this.fall();
      },
    });
  }

  /** Round-trip times of beats, in seconds; of several unanswered ones, the first. */
  get lags(): Distribution {
    return this.beats.lags;
  }

  get isUp(): boolean {
    return this.up;
  }

  get isCluster(): boolean {
    return this.session?.isCluster ?? false;
  }

  /** A channel, or a key that stands alone. */
  name(...parts: readonly string[]): string {
    return [this.options.prefix, ...parts].join(':');
  }

  /** A key or channel in the hash slot that all of this kind share on a cluster. */
  tagged(...parts: readonly string[]): string {
    return [`{${this.options.prefix}}`, ...parts].join(':');
  }

  /**
   * Tries once, and keeps retrying while Redis does not answer.
   * @throws SettingsError where Redis can be reached and refuses
   */
  async start(): Promise<void> {
    this.hearers.set(this.echo, () => {
      this.beats.heard();
    });
    this.opening = this.open();
    await this.opening;
  }

  close(): void {
    this.closed = true;
    this.scheduler.cancel(this.retry);
    this.fall();
  }

  /** @returns ends the subscription */
  onChange(listener: (isUp: boolean) => void): () => void {
    this.changes.add(listener);
    return () => this.changes.delete(listener);
  }

  /**
   * Listens to what other nodes publish on a channel by {@link tellNodes}, and learns of anything
   * else that came there.
   */
  hearNodes(channel: string, hearer: (said: Publication) => void): Promise<void> {
    return this.subscribe(channel, (payload) => {
      const opened = this.envelope.open(channel, payload);
      if (opened.status === 'own') return;
      if (opened.status === 'refused') this.noteRefused(channel, opened.fault);
      hearer(opened.status === 'good' ? opened : NOT_BELIEVED);
    });
  }

  /** Signs and publishes. @see publish */
  tellNodes(channel: string, body: string): boolean {
    return this.publish(channel, this.envelope.seal(channel, body));
  }

  /** One hearer per channel. Resolves when subscribed, or when the link is down. */
  async subscribe(channel: string, hearer: Hearer): Promise<void> {
    this.hearers.set(channel, hearer);
    try {
      await this.session?.subscribe([channel]);
    } catch (error) {
      this.suspect(error);
    }
  }

  unsubscribe(channel: string): void {
    this.hearers.delete(channel);
    this.session?.unsubscribe(channel).catch((error: unknown) => {
      this.suspect(error);
    });
  }

  /** @returns false where it was dropped: the link is down, or too much is in flight */
  publish(channel: string, payload: string): boolean {
    const { session } = this;
    const size = payload.length;
    if (!this.up || session === null || this.underWay + size > MOST_BYTES_UNDER_WAY) return false;
    this.underWay += size;
    session
      .publish(channel, payload)
      .catch((error: unknown) => {
        this.suspect(error);
      })
      .finally(() => {
        this.underWay -= size;
      });
    return true;
  }

  /** @throws Error where the link is down, or goes down before the answer */
  async run(
    script: Script,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    if (!this.up || this.session === null) throw new Error('Redis is not there');
    return this.session.run(script, keys, values);
  }

  /** Whatever came, and however its hearer fails: the node goes on. */
  private hear(channel: string, payload: string): void {
    try {
      this.hearers.get(channel)?.(payload);
    } catch (error) {
      this.refused.count('malformed');
      this.logger.error({ event: 'publication-failed', error });
    }
  }

  private noteRefused(channel: string, fault: EnvelopeFault): void {
    this.refused.count(fault);
    const now = performance.now();
    if (now - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = now;
    this.logger.warn({ event: 'publication-refused', channel, fault });
  }

  private get echo(): string {
    return this.name('echo', this.node);
  }

  private async open(): Promise<void> {
    try {
      const session = await RedisSession.open({
        ...this.options,
        scheduler: this.scheduler,
        onMessage: (channel, payload) => {
          this.hear(channel, payload);
        },
        onLost: () => {
          this.fall();
        },
      });
      if (this.closed) {
        session.end();
        return;
      }
      this.session = session;
      await session.subscribe([...this.hearers.keys()]);
      this.rise(session);
    } catch (error) {
      if (error instanceof SettingsError && this.wait === LEAST_WAIT_MS) throw error;
      this.report(error);
      this.fall();
    }
  }

  private rise(session: RedisSession): void {
    if (this.session !== session || this.closed) return;
    this.up = true;
    this.isReported = false;
    this.wait = LEAST_WAIT_MS;
    this.beats.start();
    this.logger.log({ event: 'redis-up', cluster: session.isCluster });
    for (const listener of this.changes) listener(true);
  }

  private fall(): void {
    this.beats.stop();
    const { session } = this;
    this.session = null;
    session?.end();
    if (this.up) {
      this.up = false;
      this.logger.error({ event: 'redis-down' });
      for (const listener of this.changes) listener(false);
    }
    this.tryLater();
  }

  private tryLater(): void {
    if (this.closed || this.retry !== null) return;
    const wait = this.wait * (0.5 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, MOST_WAIT_MS);
    this.retry = this.scheduler.after(wait, () => {
      this.retry = null;
      this.opening = this.open().catch((error: unknown) => {
        this.report(error);
      });
    });
  }

  /** After a refused command the session's state is unknown. */
  private suspect(error: unknown): void {
    if (this.session === null) return;
    this.report(error);
    this.fall();
  }

  /** The first reason of an outage is the one that counts. */
  private report(error: unknown): void {
    if (this.closed) return;
    if (this.isReported) this.logger.debug({ event: 'redis-trouble', error });
    else this.logger.warn({ event: 'redis-trouble', error });
    this.isReported = true;
  }
}
