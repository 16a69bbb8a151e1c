import { Backends } from '../backends/backends.js';
import type { Peer } from '../peers/peer.js';
import { ServerProcess, type Subject } from './server-process.js';

/** Several nodes over one PostgreSQL and one Redis. */
export class Fleet implements Subject {
  private constructor(
    readonly backends: Backends,
    readonly nodes: readonly ServerProcess[],
  ) {}

  /** @returns nodes that accept connections */
  static async start(peer: Peer, size: number): Promise<Fleet> {
    const backends = await Backends.start();
    const nodes: ServerProcess[] = [];
    while (nodes.length < size) nodes.push(await ServerProcess.start(peer, backends));
    return new Fleet(backends, nodes);
  }

  /** CPU time of all nodes together. */
  get meter(): Subject['meter'] {
    return {
      cpuMs: () => this.nodes.reduce((sum, node) => sum + node.meter.cpuMs(), 0),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.backends.stop();
  }
}
