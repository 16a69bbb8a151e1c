import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bounded, until } from '../../support/bounded.js';
import { atEnd } from '../../support/leftovers.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

const running = new Set<Example>();

atEnd(() => {
  for (const example of running) example.signal('SIGKILL');
});

/** An example as its reader runs it: a program of Node in a process of its own. */
export class Example {
  private readonly child: ChildProcessWithoutNullStreams;
  private said = '';

  constructor(file: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [EXAMPLES + file, ...args], {
      // Jest's copy, which lets the program run TypeScript sources.
      env: { ...process.env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    }
    this.child.once('exit', () => running.delete(this));
    running.add(this);
  }

  /** Waits for a line that it prints. */
  async prints(line: RegExp): Promise<void> {
    const look = (): Promise<true | null> => Promise.resolve(line.test(this.said) ? true : null);
    await until(look, String(line), () => this.said);
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends its input, as a reader does with Ctrl+D. @returns its exit code */
  async hangUp(): Promise<number | null> {
    this.child.stdin.end();
    return await this.ended();
  }

  /** @returns its exit code; null where a signal ended it */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await bounded(once(this.child, 'exit'), 'the end of an example', () => this.said);
    }
    return this.child.exitCode;
  }
}
