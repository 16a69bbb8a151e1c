import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Pass, Peer } from '../peers/peer.js';

/** What the thread is to do. */
export interface Assignment {
  readonly peerName: string;
  readonly port: number;
  readonly passes: readonly Pass[];
  /** Messages per second, from one of them to everybody. */
  readonly rate: number;
}

/** In milliseconds, of all deliveries since they were last asked for. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** What the thread is asked, and what it answers. */
export interface Answers {
  speak: null;
  hush: { readonly isBehind: boolean };
  latency: Latencies;
  leave: { readonly sent: number; readonly fault: string | null };
}

export type Question = keyof Answers;

/**
 * Members who stay while a crowd comes and goes, in a thread of their own: what the crowd costs this
 * process must not look like what the server took.
 */
export class Bystanders {
  private constructor(private readonly thread: Worker) {}

  /** @returns when all of them are in the room */
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

  /** One question at a time. @throws Error where the thread has failed */
  async ask<Asked extends Question>(question: Asked): Promise<Answers[Asked]> {
    const answered = once(this.thread, 'message');
    this.thread.postMessage(question);
    const [answer] = (await answered) as [Answers[Asked]];
    return answer;
  }
}
