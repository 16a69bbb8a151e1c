import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { ProcessMeter } from '../measure/process-meter.js';

const START_TIMEOUT_MS = 30_000;
const LOG_TAIL = 2_000;

/** How to start a server, and the line with which it says that it accepts connections. */
export interface DaemonCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options?: Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'>;
  readonly ready: string;
}

/** A server that Parley depends on, in a process of its own. */
export class Daemon {
  private child: ChildProcess | null = null;

  constructor(private readonly command: DaemonCommand) {}

  /** Resolves when it accepts connections. @throws where it ended, or timed out */
  async start(): Promise<void> {
    const { file, args, options, ready } = this.command;
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let words = '';
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => {
        reject(new Error(`${file} did not start:\n${words.slice(-LOG_TAIL)}`));
      };
      const late = setTimeout(fail, START_TIMEOUT_MS);
      child.once('error', fail);
      child.once('exit', fail);
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          words = (words + text).slice(-LOG_TAIL);
          if (!words.includes(ready)) return;
          clearTimeout(late);
          child.off('exit', fail);
          resolve();
        });
      }
    });
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  get meter(): ProcessMeter {
    if (this.child?.pid === undefined) throw new Error(`${this.command.file} is not running`);
    return new ProcessMeter(this.child.pid);
  }
}
