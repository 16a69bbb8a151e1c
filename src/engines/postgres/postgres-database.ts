import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Kysely, PostgresDialect } from 'kysely';
import type { Settings } from '../../config/settings.js';
import { StartFailure } from '../../kernel/start-failure.js';
import { migrate } from '../sql/migrate.js';
import { OutageLog } from '../sql/outage-log.js';
import { statementsOf } from '../sql/row-changes.js';
import type { Schema } from '../sql/schema.js';
import {
  addressOf,
  connectionConfig,
  isRemote,
  type SessionSettings,
} from './connection-config.js';
import { BoundedReader } from './bounded-reader.js';
import { EventAppender } from './event-appender.js';
import { causeOf, mayPass } from './failures.js';
import { refuseSharing } from './pooler.js';
import { openPool, PostgresPool } from './postgres-pool.js';
import { inspectServer, StandbyServer, UnfitServer } from './server-inspection.js';
import { unfinishedTransfer } from './transfer-mark.js';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;

/**
 * For the appending connection: its few statements always use an index, even when tables have
 * outgrown the planner's statistics.
 */
const PINNED_PLANS: SessionSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

type Needed = Pick<Settings, 'database' | 'environment'> & { readonly databaseUrl: string };

/**
 * A PostgreSQL server: one connection that appends messages, so that no other work delays them, and
 * a pool for everything else. Every failure is a Refusal.
 */
export class PostgresDatabase {
  readonly queries: Kysely<Schema>;
  readonly appender: EventAppender;
  /** For reads that may take longer than somebody waits for them. */
  readonly boundedReader: BoundedReader;
  private readonly logger = new Logger(PostgresDatabase.name);
  private readonly appends: PostgresPool;
  private readonly pool: PostgresPool;
  private readonly address: string;
  private closed: Promise<void> | null = null;

  constructor(private readonly settings: Needed) {
    const { databaseUrl: url, database } = settings;
    this.address = addressOf(url);
    const appending = new OutageLog(this.logger, 'Appending to PostgreSQL');
    this.appends = new PostgresPool(
      { ...connectionConfig(url, database, PINNED_PLANS), max: 1, pipeline: true },
      appending,
    );
    this.appender = new EventAppender(this.appends, appending, (changes) =>
      statementsOf(changes, this.queries),
    );
    const outage = new OutageLog(this.logger, 'PostgreSQL');
    this.pool = new PostgresPool(
      { ...connectionConfig(url, database), max: database.pool - 1 },
      outage,
    );
    this.boundedReader = new BoundedReader(this.pool, outage);
    this.queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: this.pool }) });
  }

  /**
   * Waits for the server, checks that it is fit for use, and migrates the tables.
   * @throws where the server does not answer in time, refuses us, or is unfit
   */
  async open(): Promise<void> {
    try {
      await this.prepare();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Finishes pending work; from then on everything rejects. */
  close(): Promise<void> {
    this.closed ??= Promise.all([this.appends.end(), this.pool.end()]).then(() => undefined);
    return this.closed;
  }

  private async prepare(): Promise<void> {
    const { databaseUrl, database } = this.settings;
    if (database.sslMode === 'disable' && isRemote(databaseUrl)) {
      this.logger.warn('PostgreSQL is reached over a network without TLS: see DATABASE_SSLMODE');
    }
    const end = performance.now() + database.startTimeoutMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
      try {
        await this.inspectAndMigrate();
        return;
      } catch (error) {
        if (!(error instanceof StandbyServer) && !mayPass(error))
          throw this.failure('cannot be used', error);
        if (performance.now() + pause > end) throw this.failure('does not answer', error);
        if (pause === FIRST_PAUSE_MS) {
          this.logger.warn(`Waiting for PostgreSQL at ${this.address}: ${causeOf(error)}`);
        }
      }
      await delay(pause);
    }
  }

  /** A migration may take its time, or wait for the node that runs it. */
  private async inspectAndMigrate(): Promise<void> {
    const { databaseUrl, database, environment } = this.settings;
    const patient = { ...database, statementTimeoutMs: 0 };
    await refuseSharing(connectionConfig(databaseUrl, database));
    const pool = openPool({
      ...connectionConfig(databaseUrl, patient),
      query_timeout: 0,
      max: 2,
    });
    const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    try {
      const { fatal, doubtful } = await inspectServer(queries, environment);
      if (fatal.length > 0) throw new UnfitServer(fatal.join('; '));
      if ((await unfinishedTransfer(queries)) !== null) {
        throw new UnfitServer('it holds half of an embedded database: npm run migrate:postgres');
      }
      for (const doubt of doubtful) this.logger.warn(`PostgreSQL: ${doubt}`);
      await migrate(queries, 'postgres');
    } finally {
      await pool.end();
    }
  }

  private failure(what: string, cause: unknown): Error {
    return new StartFailure(
      `PostgreSQL at ${this.address} ${what}: ${causeOf(cause)} (DATABASE_URL)`,
      { cause },
    );
  }
}
