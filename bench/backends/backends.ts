import { PostgresServer } from './postgres-server.js';
import { RedisServer } from './redis-server.js';

/** CPU time so far, in milliseconds. */
export interface BackendCpu {
  readonly postgres: number;
  readonly redis: number;
}

/** The nodes' shared PostgreSQL and Redis, empty and theirs alone. */
export class Backends {
  private constructor(
    readonly postgres: PostgresServer,
    readonly redis: RedisServer,
  ) {}

  /** @returns why they can't run here and how to get them; null where they can */
  static missing(): string | null {
    return PostgresServer.missing() ?? RedisServer.missing();
  }

  static versions(): string {
    return `PostgreSQL ${PostgresServer.version()}, Redis ${RedisServer.version()}`;
  }

  static async start(): Promise<Backends> {
    return new Backends(await PostgresServer.start(), await RedisServer.start());
  }

  /** The settings that connect a node to them. */
  get environment(): Readonly<Record<string, string>> {
    return { DATABASE_URL: this.postgres.url, REDIS_URL: this.redis.url };
  }

  cpuMs(): BackendCpu {
    return { postgres: this.postgres.meter.cpuMs(), redis: this.redis.meter.cpuMs() };
  }

  async stop(): Promise<void> {
    await this.redis.kill();
    await this.postgres.stop();
  }
}
