import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { atEnd } from './leftovers.js';
import type { Place } from './people.js';
import { reset } from './reset.js';

/** A listener on loopback; a restart may change its port. */
export interface Target {
  readonly port: number;
}

const balancers = new Set<Balancer>();

atEnd(async () => {
  await Promise.all([...balancers].map((balancer) => balancer.close()));
});

/** One address for several nodes: round-robin over those that accept connections. */
export class Balancer implements Place {
  private readonly server: Server;
  private readonly clients = new Set<Socket>();
  private readonly out = new Set<Target>();
  private turn = 0;

  /** Does not listen yet: see {@link startBalancer}. */
  constructor(private readonly nodes: readonly Target[]) {
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      void this.join(client);
    });
    balancers.add(this);
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}/chat`;
  }

  /** Sends no new connections there. Existing ones stay. */
  takeOut(node: Target): void {
    this.out.add(node);
  }

  putBack(node: Target): void {
    this.out.delete(node);
  }

  /** Ends all connections, and stops listening. */
  async close(): Promise<void> {
    balancers.delete(this);
    for (const client of this.clients) client.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private async join(client: Socket): Promise<void> {
    this.clients.add(client);
    client.once('close', () => this.clients.delete(client));
    // A close follows.
    client.on('error', () => undefined);
    const node = await this.reach();
    if (node === null) {
      reset(client);
      return;
    }
    if (client.destroyed) {
      node.destroy();
      return;
    }
    client.setNoDelay(true);
    // An end is passed on as an end; anything else that happens to one side ends the other.
    pipeline(client, node, () => undefined);
    pipeline(node, client, () => undefined);
  }

  /** @returns null where no node accepts */
  private async reach(): Promise<Socket | null> {
    const from = this.turn++;
    for (let i = 0; i < this.nodes.length; i++) {
      const node = this.nodes[(from + i) % this.nodes.length];
      if (node === undefined || this.out.has(node)) continue;
      const socket = await dial(node.port);
      if (socket !== null) return socket;
    }
    return null;
  }
}

async function dial(port: number): Promise<Socket | null> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(null));
  });
}

export async function startBalancer(nodes: readonly Target[]): Promise<Balancer> {
  const balancer = new Balancer(nodes);
  await balancer.listen();
  return balancer;
}
