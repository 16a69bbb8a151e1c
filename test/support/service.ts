import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bounded, until } from './bounded.js';
import { atEnd, removeAtEnd } from './leftovers.js';
import { freePort } from './ports.js';
import { TEMPORARY } from './temporary.js';

/** Names the program of the service for all test files of a run: one that starts faster. */
export const GIVEN_PROGRAM = 'TEST_SERVICE_PROGRAM';

const MAIN =
  process.env[GIVEN_PROGRAM] ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const LEASH = fileURLToPath(new URL('leash.cjs', import.meta.url));
const READY = /^Parley is ready at (http:\/\/\S+:(\d+))$/m;

/** Lifts the limits, which get in the way of tests that are not about them. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'info',
  CONNECT_RATE: '0',
  LOGIN_RATE: '0',
  COMMAND_RATE: '0',
  PUBLIC_RATE: '0',
  NEW_DIRECT_RATE: '0',
  MESSAGE_RATE: '0',
  HISTORY_RATE: '0',
  SEARCH_RATE: '0',
  MAX_CONNECTIONS_PER_ADDRESS: '0',
  MAX_CONNECTIONS_PER_USER: '0',
  MAX_HTTP_CONNECTIONS_PER_ADDRESS: '0',
};

export interface ServiceOptions {
  /** Settings on top of {@link TEST_ENVIRONMENT}; undefined removes one of those. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The data folder; by default a temporary one, removed at the end of the test file. */
  readonly dataDir?: string;
  /** A free one by default. A restart keeps it. */
  readonly port?: number;
  /** A command to run the service under, such as `['strace', '-f']`. */
  readonly under?: readonly string[];
}

const running = new Set<Service>();

atEnd(async () => {
  await Promise.all([...running].map((service) => service.kill()));
});

/** A new empty folder, removed at the end of the test file. */
export function temporaryFolder(name = 'data'): string {
  const folder = mkdtempSync(join(TEMPORARY, `parley-${name}-`));
  removeAtEnd(folder);
  return folder;
}

/** The built service as users run it, in a process of its own. */
export class Service {
  readonly dataDir: string;
  port: number;
  private readonly options: ServiceOptions;
  private child: ChildProcess | null = null;
  private out = '';
  private err = '';

  /** Does not start it: see {@link startService} and {@link runService}. */
  constructor(options: ServiceOptions) {
    this.options = options;
    this.dataDir = options.dataDir ?? temporaryFolder();
    this.port = options.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}/chat`;
  }

  /** The service's own process, even where it runs under another command. */
  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the service is not running');
    return this.options.under ? lastDescendant(pid) : pid;
  }

  /** Everything logged (stderr), over restarts. */
  logs(): string {
    return this.err;
  }

  /** Waits for a log line: lines are buffered for some milliseconds. */
  logged(pattern: RegExp): Promise<RegExpExecArray> {
    const look = (): Promise<RegExpExecArray | null> => Promise.resolve(pattern.exec(this.err));
    return until(look, `a line like ${String(pattern)}`, () => this.err);
  }

  /** Everything printed (stdout), over restarts. */
  output(): string {
    return this.out;
  }

  /** Resolves when the service says that it is ready. */
  async start(env: ServiceOptions['env'] = {}): Promise<void> {
    const before = this.out.length;
    if (this.port === 0) this.port = await freePort();
    const child = this.spawn(env);
    const ready = new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', () => {
        const port = READY.exec(this.out.slice(before))?.[2];
        if (port !== undefined) resolve(port);
      });
      child.once('exit', (code) => {
        reject(new Error(`the service ended with ${String(code)} at its start:\n${this.err}`));
      });
    });
    const seen = (): string => `\n${this.out.slice(before)}${this.err}`;
    this.port = Number(await bounded(ready, 'the service to be ready', seen, 60_000));
  }

  /** Runs the service until it ends by itself. */
  async run(): Promise<number | null> {
    const child = this.spawn({});
    return await this.ended(child);
  }

  /** Kills the service, as a crash would (SIGKILL). */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || hasEnded(child)) return;
    this.signal('SIGKILL');
    await this.ended(child);
  }

  /** Asks the service to stop (SIGTERM). @returns its exit code; null where a signal ended it */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (!child || hasEnded(child)) throw new Error('the service is not running');
    this.signal('SIGTERM');
    return await this.ended(child);
  }

  /** Waits until the service has ended, whoever asked it to. @returns as {@link stop} does */
  async end(): Promise<number | null> {
    if (this.child === null) throw new Error('the service is not running');
    return await this.ended(this.child);
  }

  /** Starts again on the same port and data; a running service is stopped first. */
  async restart(env: ServiceOptions['env'] = {}): Promise<void> {
    if (this.child && !hasEnded(this.child)) await this.stop();
    await this.start(env);
  }

  /** Signals the whole group: the service and what it may run under. */
  signal(name: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the service is not running');
    process.kill(-pid, name);
  }

  private spawn(env: ServiceOptions['env']): ChildProcess {
    if (!existsSync(MAIN)) throw new Error('dist/ is missing. Run: npm run build');
    const [command = process.execPath, ...args] = [
      ...(this.options.under ?? []),
      ...[process.execPath, '-r', LEASH, MAIN],
    ];
    const child = spawn(command, args, {
      // Outside the project, whose .env is the developer's.
      cwd: this.dataDir,
      detached: true,
      env: this.environment(env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    child.stdin.on('error', () => undefined); // the leash of a child that is gone already
    child.once('exit', () => running.delete(this));
    running.add(this);
    this.child = child;
    return child;
  }

  private environment(env: ServiceOptions['env']): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...TEST_ENVIRONMENT,
      DATA_DIR: this.dataDir,
      PORT: String(this.port),
      ...this.options.env,
      ...env,
    };
  }

  private async ended(child: ChildProcess): Promise<number | null> {
    const end = new Promise<number | null>((resolve) => {
      if (hasEnded(child)) resolve(child.exitCode);
      else child.once('close', resolve);
    });
    try {
      return await bounded(end, 'the service to end', () => `it runs on:\n${this.err}`, 60_000);
    } catch (error) {
      this.signal('SIGKILL');
      throw error;
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function lastDescendant(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? pid : lastDescendant(Number(children.split(' ')[0]));
}

/** Starts the service on loopback and waits until it is ready. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const service = new Service(options);
  await service.start();
  return service;
}

/** Runs a service that should end by itself, such as one that refuses its settings. */
export async function runService(
  options: ServiceOptions = {},
): Promise<{ code: number | null; output: string; logs: string }> {
  const service = new Service(options);
  const code = await service.run();
  return { code, output: service.output(), logs: service.logs() };
}
