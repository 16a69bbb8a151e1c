import { readFileSync } from 'node:fs';
import pg, { type ClientConfig, type CustomTypesConfig } from 'pg';
import type { DatabaseSettings } from '../../../config/settings.js';

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
const SESSION = [
  '-c synchronous_commit=on',
  String.raw`-c default_transaction_isolation=read\ committed`,
  '-c default_transaction_read_only=off',
  '-c default_transaction_deferrable=off',
];

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
 * @param session further settings of the server for these connections, as `-c name=value`
 * @throws where the file with certificates cannot be read
 */
export function connectionConfig(
  url: string,
  settings: DatabaseSettings,
  session: readonly string[] = [],
): ClientConfig {
  const parsed = new URL(url);
  return {
    ...placeOf(parsed),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ...(parsed.username !== '' && { user: decodeURIComponent(parsed.username) }),
    ...(parsed.password !== '' && { password: decodeURIComponent(parsed.password) }),
    ssl: tlsOptions(settings),
    types: TYPES,
    application_name: 'parley',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    // A node that stops in the middle of a transaction must not keep the others from the room.
    idle_in_transaction_session_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + READ_GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    options: [...SESSION, ...session].join(' '),
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
