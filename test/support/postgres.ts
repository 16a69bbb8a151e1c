import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { bounded } from './bounded.js';
import { atEnd } from './leftovers.js';
import { freePort } from './ports.js';
import {
  createCluster,
  ENVIRONMENT,
  give,
  ownedFolder,
  owner,
  program,
  programs,
} from './postgres-programs.js';

/** Names a server for tests; without it they start one of their own. */
export const GIVEN = 'TEST_DATABASE_URL';
const GIVEN_URL = process.env[GIVEN];

const READY = 'database system is ready to accept connections';
const PATIENCE_MS = 90_000;

/**
 * Runs the server until it ends, and ends it at once when standard input is closed: it must not
 * outlive the tests, however they end. A shell gives its background commands another standard
 * input, so the leash has a file descriptor of its own.
 */
const ON_LEASH = `exec 3<&0
"$@" 3<&- & server=$!
{ cat <&3; kill -QUIT $server; } >/dev/null 2>&1 &
exec 3<&-
wait $server`;

export function hasPostgres(): boolean {
  return GIVEN_URL !== undefined || hasOwnPostgres();
}

export function hasOwnPostgres(): boolean {
  return programs() !== null;
}

/** A PostgreSQL server of the tests' own, on loopback and a free port, with one role: `parley`. */
export class PostgresServer {
  port = 0;
  private readonly options: string[];
  private readonly home: string;
  private readonly folder: string;
  private child: ChildProcess | null = null;
  private err = '';

  /** @param options server options, such as `['-c', 'fsync=off']` */
  constructor(options: readonly string[] = []) {
    this.options = [...options];
    this.home = ownedFolder();
    this.folder = join(this.home, 'data');
    atEnd(async () => {
      await this.kill();
      rmSync(this.home, { recursive: true, force: true });
    });
  }

  /** @param database `postgres` always exists */
  url(database = 'postgres', port = this.port): string {
    return `postgres://parley@127.0.0.1:${port}/${database}`;
  }

  /** @returns the URL of a new empty database */
  async createDatabase(): Promise<string> {
    return createDatabase(this.url());
  }

  async start(): Promise<void> {
    if (!existsSync(this.folder)) createCluster(this.folder);
    if (this.port === 0) this.port = await freePort();
    const from = this.err.length;
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        ON_LEASH,
        'sh',
        program('postgres'),
        '-D',
        this.folder,
        '-c',
        `port=${this.port}`,
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'unix_socket_directories=',
        '-c',
        'logging_collector=off',
        ...this.options,
      ],
      {
        ...owner(),
        cwd: '/',
        env: ENVIRONMENT,
        stdio: ['pipe', 'ignore', 'pipe'],
      },
    );
    this.child = child;
    const ready = new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        this.err += chunk.toString();
        if (this.err.includes(READY, from)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${this.err}`)));
    });
    await bounded(ready, 'PostgreSQL to be ready', () => this.err, PATIENCE_MS);
  }

  /** Kills the server, as `pg_ctl stop -m immediate` does: what is not on disk is lost. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.child = null;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.stdin?.end();
    if (gone !== null) await bounded(gone, 'PostgreSQL to end', () => this.err, PATIENCE_MS);
  }

  /** Makes the server speak TLS from its next start on. Both in PEM form. */
  useCertificate(key: string, certificate: string): void {
    for (const [setting, content] of [
      ['ssl_key_file', key],
      ['ssl_cert_file', certificate],
    ] as const) {
      const file = join(this.home, setting);
      writeFileSync(file, content, { mode: 0o600 });
      give(file);
      this.options.push('-c', `${setting}=${file}`);
    }
    this.options.push('-c', 'ssl=on');
  }

  /** The server's whole log. */
  logs(): string {
    return this.err;
  }
}

let shared: Promise<string> | null = null;

/**
 * A new empty database: on the server that TEST_DATABASE_URL names, or else on one started for this
 * test file.
 */
export async function freshDatabase(): Promise<string> {
  shared ??= sharedServer();
  return createDatabase(await shared);
}

async function sharedServer(): Promise<string> {
  if (GIVEN_URL !== undefined) return GIVEN_URL;
  return (await startQuickServer()).url();
}

/** A server without fsync, for tests that crash nothing. */
export async function startQuickServer(): Promise<PostgresServer> {
  const server = new PostgresServer(['-c', 'fsync=off', '-c', 'full_page_writes=off']);
  await server.start();
  return server;
}

const given: { readonly admin: string; readonly name: string }[] = [];

// A shared server is left as it was.
atEnd(async () => {
  for (const { admin, name } of given.splice(0)) {
    await ask(admin, `drop database if exists ${name} with (force)`);
  }
});

async function createDatabase(admin: string): Promise<string> {
  const name = `parley_${randomBytes(8).toString('hex')}`;
  await ask(admin, `create database ${name}`);
  if (admin === GIVEN_URL) given.push({ admin, name });
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs a statement on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}
