import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { bounded } from './bounded.js';
import { atEnd } from './leftovers.js';

/** A server that tests may use; without it they start one of their own. */
const GIVEN_URL = process.env['TEST_DATABASE_URL'];

/** Where Debian keeps what is not for everybody's PATH. */
const DEBIAN = '/usr/lib/postgresql';
const READY = 'database system is ready to accept connections';
const PATIENCE_MS = 30_000;

/**
 * Runs the server until it ends, and ends it at once when standard input is closed: it must not
 * outlive the tests, however they end. A shell gives its background commands another standard
 * input, so the leash has a number of its own.
 */
const ON_LEASH = `exec 3<&0
"$@" 3<&- & server=$!
{ cat <&3; kill -QUIT $server; } >/dev/null 2>&1 &
exec 3<&-
wait $server`;

/** The folder of PostgreSQL's programs; null where there is none. */
function binaries(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

export function hasPostgres(): boolean {
  return GIVEN_URL !== undefined || binaries() !== null;
}

export function hasOwnPostgres(): boolean {
  return binaries() !== null;
}

/** PostgreSQL refuses to run as root: somebody else then, who owns its folder. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const known = /^(?:postgres|nobody):[^:]*:(\d+):(\d+):/m.exec(
    readFileSync('/etc/passwd', 'utf8'),
  );
  return { uid: Number(known?.[1] ?? 65_534), gid: Number(known?.[2] ?? 65_534) };
}

/** A PostgreSQL server of the tests' own, on loopback and a free port, with one role: `parley`. */
export class PostgresServer {
  port = 0;
  private readonly options: string[];
  private readonly home: string;
  private readonly folder: string;
  private child: ChildProcess | null = null;
  private err = '';

  /** @param options of the server, such as `['-c', 'fsync=off']` */
  constructor(options: readonly string[] = []) {
    this.options = [...options];
    this.home = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
    this.folder = join(this.home, 'data');
    atEnd(async () => {
      await this.kill();
      rmSync(this.home, { recursive: true, force: true });
    });
  }

  /** @param database `postgres` is there from the beginning */
  url(database = 'postgres', port = this.port): string {
    return `postgres://parley@127.0.0.1:${port}/${database}`;
  }

  /** @returns the URL of a new empty database */
  async createDatabase(): Promise<string> {
    return createDatabase(this.url());
  }

  async start(): Promise<void> {
    if (!existsSync(this.folder)) this.init();
    if (this.port === 0) this.port = await freePort();
    const from = this.err.length;
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        ON_LEASH,
        'sh',
        join(this.programs(), 'postgres'),
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
        env: { PATH: process.env['PATH'], LC_ALL: 'C' },
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

  /** Ends the server at once, as `pg_ctl stop -m immediate` does: what is not on disk is lost. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.child = null;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.stdin?.end();
    if (gone !== null) await bounded(gone, 'PostgreSQL to end', () => this.err, PATIENCE_MS);
  }

  /** Lets the server speak TLS from its next start on. Both in PEM form. */
  useCertificate(key: string, certificate: string): void {
    const { uid, gid } = owner();
    for (const [setting, content] of [
      ['ssl_key_file', key],
      ['ssl_cert_file', certificate],
    ] as const) {
      const file = join(this.home, setting);
      writeFileSync(file, content, { mode: 0o600 });
      if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
      this.options.push('-c', `${setting}=${file}`);
    }
    this.options.push('-c', 'ssl=on');
  }

  /** All that the server logged. */
  logs(): string {
    return this.err;
  }

  private init(): void {
    mkdirSync(this.folder, { mode: 0o700 });
    const { uid, gid } = owner();
    if (uid !== undefined && gid !== undefined) {
      chownSync(this.folder, uid, gid);
      chownSync(this.home, uid, gid);
    }
    const { status, stderr } = spawnSync(
      join(this.programs(), 'initdb'),
      ['-D', this.folder, '-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { ...owner(), cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' }, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
  }

  private programs(): string {
    const folder = binaries();
    if (folder === null) throw new Error('PostgreSQL is not installed');
    return folder;
  }
}

let shared: Promise<string> | null = null;

/**
 * A new empty database: on the server that TEST_DATABASE_URL names, or else on one that is started
 * for this test file.
 */
export async function freshDatabase(): Promise<string> {
  shared ??= sharedServer();
  return createDatabase(await shared);
}

async function sharedServer(): Promise<string> {
  if (GIVEN_URL !== undefined) return GIVEN_URL;
  // No crash is tried on this one: it need not wait for the disk.
  const server = new PostgresServer(['-c', 'fsync=off', '-c', 'full_page_writes=off']);
  await server.start();
  return server.url();
}

const given: { readonly admin: string; readonly name: string }[] = [];

// A server that was given stays as it was.
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
