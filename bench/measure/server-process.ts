import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Peer } from '../peers/peer.js';
import { ProcessMeter } from './process-meter.js';

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_TAIL = 2_000;

/** A server under test: a process of its own, in a folder of its own. */
export class ServerProcess {
  readonly meter: ProcessMeter;

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    if (child.pid === undefined) throw new Error('the server could not be started');
    this.meter = new ProcessMeter(child.pid);
  }

  /** @returns a server that accepts connections */
  static async start(peer: Peer): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
    const port = await freePort();
    const { file, args, environment } = peer.command(port, folder);
    const log = openSync(join(folder, 'server.log'), 'w');
    const child = spawn(file, args, {
      env: { ...process.env, NODE_ENV: 'production', PORT: String(port), ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const server = new ServerProcess(port, child, folder);
    await server.untilListening();
    return server;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilListening(): Promise<void> {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (!(await accepts(this.port))) {
      if (this.child.exitCode !== null || performance.now() > giveUpAt) {
        const log = readFileSync(join(this.folder, 'server.log'), 'utf8').slice(-LOG_TAIL);
        await this.stop();
        throw new Error(`the server did not start:\n${log}`);
      }
      await delay(50);
    }
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

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
