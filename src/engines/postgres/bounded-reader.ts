import pg from 'pg';
import type { OutageLog } from '../sql/outage-log.js';
import { refuse } from './failures.js';
import type { PostgresPool } from './postgres-pool.js';

/** SQLSTATE: the server gave a statement up. */
const CANCELED = '57014';

/** Reads what may take long, for as long as somebody waits for it. */
export class BoundedReader {
  constructor(
    private readonly pool: PostgresPool,
    private readonly outage: OutageLog,
  ) {}

  /**
   * Runs one statement on one core, by an index.
   * @returns its rows; null where the server gave it up after so long
   */
  async read<Row extends object>(
    ms: number,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[] | null> {
    const client = await this.pool.take();
    let isBroken = true;
    try {
      await client.query(
        `begin read only; set local statement_timeout = ${Math.max(1, Math.ceil(ms))};
         set local enable_seqscan = off; set local jit = off;
         set local max_parallel_workers_per_gather = 0`,
      );
      const rows = await rowsOf<Row>(client, text, values);
      await client.query('rollback');
      isBroken = false;
      return rows;
    } catch (error) {
      throw refuse(error, this.outage);
    } finally {
      client.release(isBroken);
    }
  }
}

async function rowsOf<Row extends object>(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[] | null> {
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === CANCELED) return null;
    throw error;
  }
}
