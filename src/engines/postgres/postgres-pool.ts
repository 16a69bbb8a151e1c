import type {
  PostgresPool as KyselyPool,
  PostgresCursor,
  PostgresPoolClient,
  PostgresQueryResult,
} from 'kysely';
import pg, { type PoolConfig } from 'pg';
import { Refusal } from '../../kernel/refusal.js';
import type { OutageLog } from '../sql/outage-log.js';
import { kindOf, refuse, unavailable } from './failures.js';

/** Statements that may queue for a connection. */
const MAX_WAITING = 10_000;

/** Prepared statements per connection, by the number in their name. */
const MAX_NAMED = 200;
/** With more parameters a statement contains a list, and hardly recurs with the same length. */
const MAX_PARAMETERS_NAMED = 8;

/**
 * A pool of connections to PostgreSQL for single statements and short transactions. Every failure
 * is a {@link Refusal}; a connection that failed is discarded.
 */
export class PostgresPool implements KyselyPool {
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();

  constructor(
    config: PoolConfig,
    private readonly outage: OutageLog,
  ) {
    this.pool = openPool(config);
  }

  async connect(): Promise<PostgresPoolClient> {
    return new Connection(await this.take(), this.outage, (sql) => this.nameOf(sql));
  }

  /** A raw connection of the driver. `release` must follow, with true where it failed. */
  async take(): Promise<pg.PoolClient> {
    if (this.pool.ending) throw new Refusal('stopping');
    if (this.pool.waitingCount >= MAX_WAITING) throw new Refusal('busy');
    try {
      return await this.pool.connect();
    } catch (error) {
      throw refuse(error, this.outage);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  private nameOf(sql: string): string | undefined {
    const known = this.names.get(sql);
    if (known !== undefined || this.names.size >= MAX_NAMED) return known;
    const name = `s${this.names.size}`;
    this.names.set(sql, name);
    return name;
  }
}

class Connection implements PostgresPoolClient {
  private broken = false;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly outage: OutageLog,
    private readonly nameOf: (sql: string) => string | undefined,
  ) {}

  query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query<Row>(
    text: string | PostgresCursor<Row>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof text === 'string') return this.run<Row>(text, values);
    throw new Error('Read page by page: a cursor would hold a connection and its transaction');
  }

  release(): void {
    this.client.release(this.broken);
  }

  private async run<Row>(
    text: string,
    values: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>> {
    if (this.broken) throw unavailable();
    const name = values.length > MAX_PARAMETERS_NAMED ? undefined : this.nameOf(text);
    try {
      const result = await this.client.query({ text, values: [...values], name });
      this.outage.worked();
      return result as unknown as PostgresQueryResult<Row>;
    } catch (error) {
      this.broken ||= kindOf(error) === 'connection';
      throw refuse(error, this.outage);
    }
  }
}

/** Without an error listener a dying connection would end the process. */
export function openPool(config: PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  const ignore = (): void => undefined;
  // The statement in progress gets the error; nobody else needs it.
  pool.on('connect', (client) => client.on('error', ignore));
  pool.on('error', ignore);
  return pool;
}
