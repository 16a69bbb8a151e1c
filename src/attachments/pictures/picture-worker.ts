import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../kernel/refusal.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { ReadPicture } from '../picture-reader.js';
import type { PictureJob, PictureReport } from './picture-protocol.js';

const START_MAX_MS = 30_000;
/** For one picture. Its process is killed then: nothing else ends a decoder. */
const WORK_MAX_MS = 10_000;
/** An idle process gives its 60 MB back after this time. */
const IDLE_MAX_MS = 60_000;
/** Characters of what it says before it fails. */
const LAST_WORDS = 2_000;

/** What is waited for from the process. */
interface Awaited {
  readonly report: (report: PictureReport) => void;
  readonly gone: () => void;
}

/** One process that reads pictures, one at a time; it is started for the first, and after its end again. */
export class PictureWorker {
  private child: ChildProcess | null = null;
  private awaited: Awaited | null = null;
  private idle: Timer | null = null;
  private isStopping = false;

  constructor(private readonly scheduler: Scheduler) {}

  /** The process; null where there is none. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /**
   * Not to be called before the last call has settled.
   * @returns null for what cannot be shown: that is also what takes too long, or crashes the process
   * @throws Refusal `stopping`; an Error where the process does not start
   */
  async read(job: PictureJob): Promise<ReadPicture | null> {
    this.scheduler.cancel(this.idle);
    const child = this.child ?? (await this.start());
    try {
      const outcome = this.ask(child, job);
      return await this.scheduler.within(WORK_MAX_MS, outcome, () => this.kill());
    } finally {
      this.idle = this.scheduler.after(IDLE_MAX_MS, () => this.kill());
    }
  }

  /** Ends the process; what it works on is refused. */
  stop(): void {
    this.isStopping = true;
    this.scheduler.cancel(this.idle);
    this.kill();
  }

  private async start(): Promise<ChildProcess> {
    if (this.isStopping) throw new Refusal('stopping');
    const child = spawn();
    this.child = child;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-LAST_WORDS);
    });
    child.on('message', (report: PictureReport) => this.awaited?.report(report));
    // Of a process that cannot be started or written to; its end is what counts.
    child.on('error', () => this.lose(child));
    child.once('exit', () => this.lose(child));
    const isReady = new Promise<boolean>((resolve) => {
      this.awaited = { report: () => resolve(true), gone: () => resolve(false) };
    });
    const isUp = await this.scheduler.within(START_MAX_MS, isReady, () => false);
    if (isUp && this.child === child) return child;
    this.kill();
    throw this.notStarted(said);
  }

  private notStarted(said: string): Error {
    if (this.isStopping) return new Refusal('stopping');
    return new Error(`the program that reads pictures does not start: ${said}`);
  }

  private async ask(child: ChildProcess, job: PictureJob): Promise<ReadPicture | null> {
    return await new Promise((resolve, reject) => {
      this.awaited = {
        report: (report) => resolve(report.state === 'done' ? report.picture : null),
        gone: () => {
          if (this.isStopping) reject(new Refusal('stopping'));
          else resolve(null);
        },
      };
      child.send(job);
    });
  }

  private kill(): null {
    const { child } = this;
    child?.kill('SIGKILL');
    if (child !== null) this.lose(child);
    return null;
  }

  /** Forgets the process, once; the next picture gets another one. */
  private lose(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    this.awaited?.gone();
    this.awaited = null;
  }
}

function spawn(): ChildProcess {
  const extension = extname(import.meta.url);
  const program = new URL(`./picture-process${extension}`, import.meta.url);
  const child = fork(fileURLToPath(program), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // None of the service's secrets. From the TypeScript sources it needs the loader in NODE_OPTIONS.
    env: extension === '.ts' ? process.env : {},
  });
  // It keeps no service from ending.
  child.unref();
  child.channel?.unref();
  return child;
}
