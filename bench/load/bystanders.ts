import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Pass, Peer } from '../peers/peer.js';

/** The thread's parameters. */
export interface Assignment {
  readonly peerName: string;
  readonly port: number;
  readonly passes: readonly Pass[];
  /** Messages per second, from one of them to everybody. */
  readonly rate: number;
}

/** In milliseconds, of all deliveries since the last query. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** The thread's queries and answers. */
export interface Answers {
  speak: null;
  hush: { readonly isBehind: boolean };
  latency: Latencies;
  leave: { readonly sent: number; readonly fault: string | null };
}

export type Question = keyof Answers;

/**
 * Members who stay while a crowd comes and goes, in a thread of their own: the load that the crowd
 * puts on this process must not show up as the server's latency.
 */
export class Bystanders {
  private constructor(private readonly thread: Worker) {}

  /** @returns once all of them are in the room */
  static async gather(
    peer: Peer,
    port: number,
    passes: readonly Pass[],
    rate: number,
  ): Promise<Bystanders> {
    const assignment: Assignment = { peerName: peer.name, port, passes, rate };
    const file = new URL('./bystanders-thread.js', import.meta.url);
    const thread = new Worker(file, { workerData: assignment });
    await once(thread, 'message');
    return new Bystanders(thread);
  }

  /** One query at a time. @throws Error where the thread has failed */
  async ask<Asked extends Question>(question: Asked): Promise<Answers[Asked]> {
    const answered = once(this.thread, 'message');
    this.thread.postMessage(question);
    const [answer] = (await answered) as [Answers[Asked]];
    return answer;
  }
}
