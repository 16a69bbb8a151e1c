import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { SettingsError } from '../../config/load.js';
import type { Scheduler } from '../../kernel/scheduler.js';

const OLDEST_MAJOR = 7;

export interface SessionOptions {
  /** redis:// or rediss://, with the password. */
  readonly url: string;
  /** For connecting. */
  readonly timeoutMs: number;
  readonly scheduler: Scheduler;
  readonly onMessage: (channel: string, payload: string) => void;
  /** Called once, when a connection of the session is lost. */
  readonly onLost: () => void;
}

/**
 * One session with Redis: the connections to one server, or to a cluster, from opening to the loss
 * of the first of them. It does not reconnect; the link opens another session.
 *
 * A cluster gets sharded publications, which travel within a shard; a single server plain ones.
 */
export class RedisSession {
  private lost = false;

  constructor(
    private readonly commands: Redis | Cluster,
    private readonly subscriber: Redis | Cluster,
    readonly isCluster: boolean,
    private readonly options: SessionOptions,
  ) {
    const event = isCluster ? 'smessage' : 'message';
    subscriber.on(event, (channel: string, payload: string) => {
      if (!this.lost) options.onMessage(channel, payload);
    });
    for (const client of new Set([commands, subscriber])) {
      for (const end of ['close', 'end'] as const)
        client.on(end, () => {
          this.lose();
        });
      if (client instanceof Cluster) {
        client.on('-node', () => {
          this.lose();
        });
        client.on('-subscriber', () => {
          this.lose();
        });
      }
    }
  }

  /**
   * @throws SettingsError where Redis is too old or wants another password; Error where it does not
   *   answer
   */
  static async open(options: SessionOptions): Promise<RedisSession> {
    const first = new Redis(options.url, settingsOf(options));
    let cause: unknown = null;
    first.on('error', (error) => {
      cause = error;
    });
    try {
      await answered(options, first.connect());
      const isCluster = await inspect(first, options);
      if (isCluster) {
        first.disconnect();
        return await openCluster(first.options, options);
      }
      const subscriber = first.duplicate();
      subscriber.on('error', ignore);
      try {
        await answered(options, subscriber.connect());
      } catch (error) {
        subscriber.disconnect();
        throw error;
      }
      return new RedisSession(first, subscriber, false, options);
    } catch (error) {
      first.disconnect();
      // The call itself only says that the connection was closed.
      throw asSettingsError(cause ?? error);
    }
  }

  publish(channel: string, payload: string): Promise<unknown> {
    return this.isCluster
      ? this.commands.spublish(channel, payload)
      : this.commands.publish(channel, payload);
  }

  /** @throws Error also on a time-out */
  async subscribe(channels: readonly string[]): Promise<void> {
    if (channels.length === 0) return;
    const { subscriber } = this;
    const done = this.isCluster
      ? Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)))
      : subscriber.subscribe(...channels);
    await answered(this.options, done);
  }

  async unsubscribe(channel: string): Promise<void> {
    if (this.isCluster) await this.subscriber.sunsubscribe(channel);
    else await this.subscriber.unsubscribe(channel);
  }

  /** @param sha the script's; its text is sent where the server does not have it */
  async run(
    script: { readonly sha: string; readonly text: string },
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    const rest = [...keys, ...values];
    try {
      return await this.commands.evalsha(script.sha, keys.length, ...rest);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.commands.eval(script.text, keys.length, ...rest);
    }
  }

  /** Closes it at once. Pending calls reject. */
  end(): void {
    this.lost = true;
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private lose(): void {
    if (this.lost) return;
    this.end();
    this.options.onLost();
  }
}

async function openCluster(seed: RedisOptions, options: SessionOptions): Promise<RedisSession> {
  const { host = '127.0.0.1', port = 6379 } = seed;
  const cluster = new Cluster([{ host, port }], {
    redisOptions: credentialsOf(seed),
    shardedSubscribers: true,
    lazyConnect: true,
    enableOfflineQueue: false,
    slotsRefreshTimeout: options.timeoutMs,
    clusterRetryStrategy: () => null,
  });
  cluster.on('error', ignore);
  try {
    await answered(options, cluster.connect());
    return new RedisSession(cluster, cluster, true, options);
  } catch (error) {
    cluster.disconnect();
    throw error;
  }
}

function settingsOf({ timeoutMs }: SessionOptions) {
  return {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectionName: 'parley',
  } satisfies RedisOptions;
}

function credentialsOf({ username, password, tls, connectTimeout }: RedisOptions) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
    connectTimeout,
    connectionName: 'parley',
  } satisfies RedisOptions;
}

/** @returns whether the server belongs to a cluster */
async function inspect(client: Redis, options: SessionOptions): Promise<boolean> {
  const info = await answered(options, client.info());
  const version = /^redis_version:(\d+)/m.exec(info)?.[1];
  if (version !== undefined && Number(version) < OLDEST_MAJOR) {
    throw new SettingsError([`REDIS_URL: Redis ${String(OLDEST_MAJOR)} or later is needed`]);
  }
  return /^cluster_enabled:1/m.test(info);
}

/** Errors that retrying cannot fix. */
function asSettingsError(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(text)
    ? new SettingsError(['REDIS_URL: Redis does not admit this user and password'])
    : error;
}

/** @throws Error on a time-out */
function answered<Value>(
  { scheduler, timeoutMs }: Pick<SessionOptions, 'scheduler' | 'timeoutMs'>,
  answer: PromiseLike<Value>,
): Promise<Value> {
  return scheduler.within(timeoutMs, answer, () => {
    throw new Error('Redis gives no answer');
  });
}

/** Such an error also rejects a call or closes a connection, and is handled there. */
function ignore(): void {
  return;
}
