import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';
import { OutageLog } from '../sql/outage-log.js';
import type { FileIdentity } from './file-watch.js';
import { refuse, unanswered, unavailable } from './failures.js';
import type { Answers, Command, Reply, Request, ThreadData } from './thread-protocol.js';

/** Requests that may wait for the thread. */
const MAX_PENDING = 10_000;
const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;

/** Each has a program of its own: `<role>-thread`. */
type Role = 'writer' | 'reader' | 'indexer';

interface Pending {
  readonly op: Command['op'];
  readonly resolve: (value: Answers[keyof Answers]) => void;
  readonly reject: (reason: Refusal) => void;
}

/**
 * A worker thread with one connection to the database, as seen from the event loop.
 *
 * When a thread dies, its pending requests reject, and whether they were carried out is unknown.
 * The next one is started soon, with exponential back-off; until one is up, requests reject at
 * once.
 */
export class DatabaseThread {
  private readonly outage: OutageLog;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  /** The thread that is up, or coming up. */
  private worker: Worker | null = null;
  /** Resolves when that thread is up, or has ended. */
  private arrival: Promise<unknown> = Promise.resolve();
  private state: 'down' | 'up' | 'closing' = 'down';
  private connections = 0;
  private restart: NodeJS.Timeout | null = null;
  private restartDelay = FIRST_RESTART_MS;

  constructor(
    private readonly role: Role,
    private readonly file: string,
    private readonly identity: () => FileIdentity,
    subject = `The database's ${role}`,
  ) {
    this.outage = new OutageLog(new Logger(DatabaseThread.name), subject);
  }

  /** Rises with each connection: a transaction begun on one cannot continue on the next. */
  get generation(): number {
    return this.connections;
  }

  /** @throws what kept the thread from opening the database */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = spawn(this.role, { file: this.file, identity: this.identity() });
      let cause = new Error('The thread ended');
      this.worker = worker;
      this.arrival = new Promise((arrived) => {
        worker.once('message', arrived).once('exit', arrived);
      });
      worker.once('message', () => {
        if (this.state === 'closing') return;
        this.connections += 1;
        this.state = 'up';
        worker.on('message', (reply: Reply) => {
          this.settle(reply);
        });
        resolve();
      });
      worker.on('error', (error) => {
        cause = error;
      });
      worker.once('exit', () => {
        this.worker = null;
        this.abandon();
        if (this.state === 'up') this.died(String(cause));
        reject(new Error(cause.message, { cause }));
      });
    });
  }

  request<Asked extends Command>(command: Asked): Promise<Answers[Asked['op']]> {
    if (this.state === 'closing') {
      return Promise.reject(new Refusal('stopping'));
    }
    if (this.worker === null || this.state === 'down') return Promise.reject(unavailable());
    if (this.pending.size >= MAX_PENDING) {
      return Promise.reject(new Refusal('busy'));
    }
    return this.post(this.worker, command);
  }

  /** Carries out pending requests, then ends the thread. */
  async close(): Promise<void> {
    const { worker, state } = this;
    this.state = 'closing';
    if (this.restart !== null) clearTimeout(this.restart);
    if (worker === null) return;
    try {
      // Native code that is cut off while it is being loaded ends the process.
      await this.arrival;
      if (state === 'up') await this.post(worker, { op: 'close' });
    } finally {
      await worker.terminate();
    }
  }

  private post<Asked extends Command>(
    worker: Worker,
    command: Asked,
  ): Promise<Answers[Asked['op']]> {
    const answer = new Promise<Answers[keyof Answers]>((resolve, reject) => {
      const id = ++this.lastId;
      worker.postMessage({ id, command } satisfies Request);
      this.pending.set(id, { op: command.op, resolve, reject });
    });
    return answer as Promise<Answers[Asked['op']]>;
  }

  private settle(reply: Reply): void {
    const pending = this.pending.get(reply.id);
    if (pending === undefined) return;
    this.pending.delete(reply.id);
    if ('failure' in reply) {
      pending.reject(refuse(reply.failure, this.outage));
    } else {
      if (this.role === 'reader' || hasWritten(pending.op, reply.value)) this.outage.worked();
      pending.resolve(reply.value);
    }
  }

  private abandon(): void {
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of lost) reject(unanswered());
  }

  private died(cause: string): void {
    this.state = 'down';
    this.outage.failed(cause);
    this.restartLater();
  }

  private restartLater(): void {
    this.restart = setTimeout(() => {
      this.start().then(
        () => {
          this.restartDelay = FIRST_RESTART_MS;
          this.outage.worked();
        },
        (cause: unknown) => {
          if (this.state !== 'closing') this.died(String(cause));
        },
      );
    }, this.restartDelay);
    this.restartDelay = Math.min(this.restartDelay * 2, LAST_RESTART_MS);
  }
}

/** On a full disk a transaction can begin and a no-op succeed: that does not end an outage. */
function hasWritten(op: Command['op'], value: Answers[keyof Answers]): boolean {
  if (typeof value === 'number') return value > 0;
  if (op === 'run' || op === 'run-unsynced')
    return value !== null && 'changes' in value && value.changes > 0;
  return op === 'append' || op === 'mark' || op === 'index' || op === 'commit';
}

function spawn(role: Role, workerData: ThreadData): Worker {
  const extension = extname(import.meta.url);
  return new Worker(new URL(`./${role}-thread${extension}`, import.meta.url), {
    workerData,
    // Run from the TypeScript sources, the thread needs the loader named in NODE_OPTIONS; the
    // process's own options come from the command line and lack it.
    ...(extension === '.ts' && { env: process.env }),
  });
}
