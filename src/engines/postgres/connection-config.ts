import { readFileSync } from 'node:fs';
import pg, {
  type ClientBase,
  type ClientConfig,
  type CustomTypesConfig,
  type PoolConfig,
  type QueryConfig,
} from 'pg';
import type { DatabaseSettings } from '../../config/settings.js';

/** How much longer than the server's time-out the client waits before it gives the server up. */
const READ_GRACE_MS = 2_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
const DEFAULT_PORT = 5432;

/** Every `bigint` that we store is below 2^53. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8
      ? Number
      : (pg.types.getTypeParser(type, format) as typeof Number),
};

/**
 * Overrides what a role or database may have set. A commit is answered once it is on disk; each
 * statement sees what was committed before it, which numbering messages relies on.
 */
const SESSION: SessionSettings = {
  synchronous_commit: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
};

/** Server settings for one connection, by name. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** The server's address, for logs and errors. */
export function addressOf(url: string): string {
  const { host, port } = endpointOf(new URL(url));
  return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether the connection crosses a network. */
export function isRemote(url: string): boolean {
  const { host } = endpointOf(new URL(url));
  return !host.startsWith('/') && !/^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/**
 * @param url validated by the settings
 * @param session further server settings for these connections
 * @returns for a pool; a single connection does not apply the settings
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
    ...endpointOf(parsed),
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
    // The pool hands out the connection only after this, and discards it where this fails.
    onConnect: settingUp(connectTimeoutMs, {
      statement_timeout: statementTimeoutMs,
      // A node that stalls in the middle of a transaction must not lock the others out of the room.
      idle_in_transaction_session_timeout: statementTimeoutMs,
      ...SESSION,
      ...session,
    }),
  };
}

/**
 * Applies in one statement what the driver could send while connecting, since a pooler such as
 * PgBouncer refuses connections that start with settings unknown to it.
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

function endpointOf(url: URL): { readonly host: string; readonly port: number } {
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
