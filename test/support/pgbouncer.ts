import { rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { until } from './bounded.js';
import { ForeignProgram } from './foreign-program.js';
import { atEnd } from './leftovers.js';
import { freePort } from './ports.js';
import { give, ownedFolder, owner } from './postgres-programs.js';

/** A PgBouncer in front of a database, with one URL per mode. */
export interface Pooler {
  /** Each client has a server connection of its own. */
  readonly session: string;
  /** Clients share server connections between transactions. */
  readonly transaction: string;
  readonly statement: string;
}

/** @param database URL of a database on loopback that asks for no password */
export async function startPgBouncer(database: string): Promise<Pooler> {
  const { hostname, port, pathname, username } = new URL(database);
  const folder = ownedFolder();
  atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const own = await freePort();
  const server = `host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username}`;
  const modes = ['session', 'transaction', 'statement'] as const;
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    ...modes.map((mode) => `${mode} = ${server} pool_mode=${mode}`),
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${String(own)}`],
    ...['unix_socket_dir =', 'auth_type = any', 'default_pool_size = 30', ''],
  ];
  writeFileSync(file, lines.join('\n'));
  give(file);
  const program = new ForeignProgram('/usr/sbin/pgbouncer', [file], owner());
  const look = async (): Promise<true | null> => ((await accepts(own)) ? true : null);
  await until(look, 'PgBouncer', () => program.said());
  const urlOf = (mode: string): string => `postgres://parley@127.0.0.1:${String(own)}/${mode}`;
  return {
    session: urlOf('session'),
    transaction: urlOf('transaction'),
    statement: urlOf('statement'),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
