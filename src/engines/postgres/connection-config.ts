import { readFileSync } from 'node:fs';
import pg, {
  type ClientBase,
  type ClientConfig,
  type CustomTypesConfig,
  type PoolConfig,
  type QueryConfig,
} from 'pg';
import type { DatabaseSettings } from '../../config/settings.js';

/** How much longer than the server the client waits for an answer, before it takes it for dead. */
const READ_GRACE_MS = 2_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
const DEFAULT_PORT = 5432;

/** All that is kept as `bigint` is below 2^53. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8
      ? Number
      : (pg.types.getTypeParser(type, format) as typeof Number),
};

/**
 * What a role or a database may have set otherwise. A commit is answered when it is on disk; each
 * statement sees what was committed before it, which the numbering of messages stands on.
 */
const SESSION: SessionSettings = {
  synchronous_commit: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
};

/** Settings of the server for one connection, by name. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** Where the server is, for logs and errors. */
export function addressOf(url: string): string {
  const { host, port } = placeOf(new URL(url));
  return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether what is said there crosses a network. */
export function isRemote(url: string): boolean {
  const { host } = placeOf(new URL(url));
  return !host.startsWith('/') && !/^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/**
 * @param url has passed the settings' checks
 * @param session further settings of the server for these connections
 * @returns for a pool; a single connection has none of the settings
 * @throws where the file with certificates cannot be read
 */
export function connectionConfig(
  url: string,
  settings: DatabaseSettings,
  session: SessionSettings = {},
): PoolConfig {
  const parsed = new URL(url);
  const { connectTimeoutMs, statementTimeoutMs } = settings;
  return {
    ...placeOf(parsed),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ...(parsed.username !== '' && { user: decodeURIComponent(parsed.username) }),
    ...(parsed.password !== '' && { password: decodeURIComponent(parsed.password) }),
    ssl: tlsOptions(settings),
    types: TYPES,
    application_name: 'parley',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + READ_GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // The pool hands nobody the connection before, and gives it up where this fails.
    onConnect: settingUp(connectTimeoutMs, {
      statement_timeout: statementTimeoutMs,
      // A node that stops in the middle of a transaction must not keep the others from the room.
      idle_in_transaction_session_timeout: statementTimeoutMs,
      ...SESSION,
      ...session,
    }),
  };
}

/**
 * What the driver could say while it connects is said by a statement instead, in one round trip: a
 * pooler such as PgBouncer refuses a connection that begins with settings which it does not know.
 */
function settingUp(timeoutMs: number, settings: SessionSettings): PoolConfig['onConnect'] {
  const text = Object.entries(settings)
    .map(([name, value]) => `set ${name} = ${typeof value === 'number' ? value : `'${value}'`}`)
    .join('; ');
  const query: QueryConfig & { query_timeout: number } = { text, query_timeout: timeoutMs };
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the driver waits for it; its types leave that out
  return async (client: ClientBase) => {
    await client.query(query);
  };
}

function placeOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host: host === '' ? 'localhost' : host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
  };
}

function tlsOptions({ sslMode, caFile }: DatabaseSettings): ClientConfig['ssl'] {
  if (sslMode === 'disable') return false;
  if (sslMode === 'require') return { rejectUnauthorized: false };
  const trusted = caFile === null ? {} : { ca: readCertificates(caFile) };
  return sslMode === 'verify-full'
    ? { ...trusted, rejectUnauthorized: true }
    : { ...trusted, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`DATABASE_CA_FILE: cannot be read (${code ?? 'unknown'})`, { cause: error });
  }
}
