import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Backends } from '../backends/backends.js';
import type { Peer } from '../peers/peer.js';
import { freePort } from './free-port.js';
import { ProcessMeter } from './process-meter.js';

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const LOOK_MS = 50;
const LOG_TAIL = 2_000;

/** What is measured from outside while it works. */
export interface Subject {
  readonly meter: Pick<ProcessMeter, 'cpuMs'>;
  /** What it depends on, if anything; measured separately. */
  readonly backends: Backends | null;
}

/** A server under test: a process of its own, in a folder of its own. */
export class ServerProcess implements Subject {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  private readonly log = join(this.folder, 'server.log');
  private child: ChildProcess;

  private constructor(
    private readonly peer: Peer,
    readonly port: number,
    readonly backends: Backends | null,
    private readonly isAlone: boolean,
  ) {
    this.child = this.spawn();
  }

  /**
   * @param shared backends to share with others; without them, a peer that needs some gets its own
   * @returns a server that accepts connections
   */
  static async start(peer: Peer, shared?: Backends): Promise<ServerProcess> {
    const own = peer.isBacked === true && !shared ? await Backends.start() : null;
    const server = new ServerProcess(peer, await freePort(), shared ?? own, own !== null);
    await server.untilListening();
    return server;
  }

  /** Restarts the server with its data, in a new process. */
  async restart(): Promise<void> {
    await this.end();
    this.child = this.spawn();
    await this.untilListening();
  }

  async stop(): Promise<void> {
    await this.end();
    if (this.isAlone) await this.backends?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get meter(): ProcessMeter {
    if (this.child.pid === undefined) throw new Error('the server could not be started');
    return new ProcessMeter(this.child.pid);
  }

  private spawn(): ChildProcess {
    const { file, args, environment } = this.peer.command(this.port, this.folder);
    const log = openSync(this.log, 'a');
    const child = spawn(file, args, {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(this.port),
        ...environment,
        ...this.backends?.environment,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return child;
  }

  private async end(): Promise<void> {
    if (this.hasEnded) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(late);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilListening(): Promise<void> {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (!(await accepts(this.port))) {
      if (this.hasEnded || performance.now() > giveUpAt) {
        const words = readFileSync(this.log, 'utf8').slice(-LOG_TAIL);
        await this.stop();
        throw new Error(`the server did not start:\n${words}`);
      }
      await delay(LOOK_MS);
    }
  }
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
