import pg, { type ClientConfig } from 'pg';
import { UnfitServer } from './server-inspection.js';

const ROUNDS = 3;
const SHARED =
  'a pooler hands its connections on after each transaction; give every client one of its own ' +
  '(pool_mode = session in PgBouncer), or connect to the server itself';

/**
 * Refuses a pooler that shares server sessions between clients: settings, prepared statements and
 * locks would end up with somebody else. Two connections ask in turn which server process serves
 * them: only behind such a pooler is it shared, or does it change.
 * @throws UnfitServer where it does; the driver's error where the server cannot be reached
 */
export async function refuseSharing(config: ClientConfig): Promise<void> {
  const clients = [new pg.Client(config), new pg.Client(config)];
  const served = new Map<pg.Client, number>();
  try {
    for (const client of clients) {
      client.on('error', () => undefined);
      await client.connect();
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const client of clients) {
        const process = await processOf(client);
        if ((served.get(client) ?? process) !== process) throw new UnfitServer(SHARED);
        served.set(client, process);
      }
      if (new Set(served.values()).size < clients.length) throw new UnfitServer(SHARED);
    }
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}
