import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bounded } from './bounded.js';
import { atEnd } from './leftovers.js';

/**
 * Runs a program until it ends, and ends it when standard input is closed: it must not outlive the
 * tests, however they end. A shell gives its background commands another standard input, so the
 * leash has a file descriptor of its own.
 */
const ON_LEASH = `exec 3<&0
"$@" 3<&- & program=$!
{ cat <&3; kill -TERM $program; } >/dev/null 2>&1 &
exec 3<&-
wait $program`;
const PATIENCE_MS = 60_000;

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

const running = new Set<ForeignProgram>();

atEnd(async () => {
  await Promise.all([...running].map((program) => program.stop()));
});

/** A foreign server, such as a proxy, in front of or behind the service. */
export class ForeignProgram {
  private out = '';
  private readonly child: ChildProcess;

  constructor(command: string, args: readonly string[], { env, uid, gid }: ProgramOptions = {}) {
    this.child = spawn('/bin/sh', ['-c', ON_LEASH, 'sh', command, ...args], {
      cwd: '/',
      env: { PATH: process.env['PATH'], ...env },
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    }
    this.child.stdin?.on('error', () => undefined);
    running.add(this);
  }

  /** Everything it wrote to its standard output and error. */
  said(): string {
    return this.out;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Stops it gracefully (SIGTERM). */
  async stop(): Promise<void> {
    running.delete(this);
    if (this.hasEnded) return;
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await bounded(gone, 'a program to end', () => this.out, PATIENCE_MS);
  }
}
