import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../measure/free-port.js';
import type { ProcessMeter } from '../measure/process-meter.js';
import { programPath } from '../peers/places.js';
import { programVersion } from '../peers/version.js';
import { Daemon } from './daemon.js';

/** Where Debian keeps programs that are not on everybody's PATH. */
const DEBIAN = '/usr/lib/postgresql';
const READY = 'database system is ready to accept connections';

/** The benchmark's own PostgreSQL on loopback, as initdb configures it: with every fsync. */
export class PostgresServer {
  private constructor(
    private readonly daemon: Daemon,
    private readonly home: string,
    private readonly port: number,
  ) {}

  static missing(): string | null {
    return program('initdb') === null ? 'no `initdb`: install the package postgresql' : null;
  }

  static version(): string {
    return programVersion(program('postgres'), '--version');
  }

  static async start(): Promise<PostgresServer> {
    const user = unprivileged();
    const home = mkdtempSync(join(tmpdir(), 'postgres-'));
    if (user) chownSync(home, user.uid, user.gid);
    const options = { ...user, cwd: '/' };
    const { status, stderr } = spawnSync(
      program('initdb') ?? 'initdb',
      ['-D', home, '-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { ...options, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
    const port = await freePort();
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'logging_collector=off',
    ];
    const daemon = new Daemon({
      file: program('postgres') ?? 'postgres',
      args: ['-D', home, ...settings.flatMap((setting) => ['-c', setting])],
      options,
      ready: READY,
    });
    await daemon.start();
    return new PostgresServer(daemon, home, port);
  }

  get url(): string {
    return `postgres://parley@127.0.0.1:${this.port}/postgres`;
  }

  get meter(): ProcessMeter {
    return this.daemon.meter;
  }

  async stop(): Promise<void> {
    await this.daemon.end('SIGQUIT');
    rmSync(this.home, { recursive: true, force: true });
  }
}

function program(name: string): string | null {
  const onPath = programPath(name);
  if (onPath !== null || !existsSync(DEBIAN)) return onPath;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const files = versions.map((version) => join(DEBIAN, version, 'bin', name));
  return files.find((file) => existsSync(file)) ?? null;
}

/** PostgreSQL refuses to run as root. @returns another user; null where none is needed */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8');
  const known = /^(?:postgres|nobody):[^:]*:(\d+):(\d+):/m.exec(users);
  return { uid: Number(known?.[1] ?? 65_534), gid: Number(known?.[2] ?? 65_534) };
}
