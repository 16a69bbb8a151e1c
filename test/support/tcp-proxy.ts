import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { atEnd } from './leftovers.js';
import { reset } from './reset.js';

/** Towards the service, or towards the client. */
export type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly service: Socket;
  /** Chunks held back, in order. */
  readonly held: Record<Direction, Buffer[]>;
  /** Sides whose end has not been passed on. */
  readonly untold: Set<Direction>;
  /** The connection is cut: nothing passes any more. */
  isCut: boolean;
}

const proxies = new Set<TcpProxy>();

atEnd(async () => {
  await Promise.all([...proxies].map((proxy) => proxy.close()));
});

/** A network between client and service that fails on demand. */
export class TcpProxy {
  private readonly server: Server;
  private readonly pairs = new Set<Pair>();
  private readonly left: Record<Direction, number> = { up: Infinity, down: Infinity };
  private frozen = false;
  private readonly heldBack = new Set<Direction>();
  private isDown = false;
  private delay = 0;

  /** Does not listen yet: see {@link startProxy}. */
  constructor(private readonly targetPort: number) {
    this.server = createServer({ allowHalfOpen: true }, (client) => this.join(client));
    proxies.add(this);
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}/chat`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Open connections. */
  get connections(): number {
    return this.pairs.size;
  }

  /** Lets this many more bytes pass in a direction and then resets the connection: once. */
  cutAfter(bytes: number, direction: Direction): void {
    this.left[direction] = bytes;
  }

  /** Delays every chunk, in order. */
  delayBy(milliseconds: number): void {
    this.delay = milliseconds;
  }

  /** Half-open: both sides stay connected, and nothing passes, not even an end. */
  freeze(): void {
    this.frozen = true;
  }

  /** Blocks one direction; the other one goes on. A reset loses what is held back. */
  holdBack(direction: Direction): void {
    this.heldBack.add(direction);
  }

  /** Unblocks the direction: what was held back passes first. */
  letPass(direction: Direction): void {
    this.heldBack.delete(direction);
    for (const pair of this.pairs) {
      for (const chunk of pair.held[direction].splice(0)) this.pass(pair, direction, chunk);
    }
  }

  /** Breaks every connection off, and each new one. */
  goDown(): void {
    this.isDown = true;
    this.reset();
  }

  comeUp(): void {
    this.isDown = false;
  }

  /** Undoes {@link freeze}: what was held back passes, and all that follows. */
  thaw(): void {
    this.frozen = false;
    for (const pair of this.pairs) {
      for (const direction of ['up', 'down'] as const) {
        for (const chunk of pair.held[direction].splice(0)) this.pass(pair, direction, chunk);
        if (pair.untold.delete(direction)) target(pair, direction).end();
      }
    }
  }

  /** Breaks every connection off (RST to both sides). New ones are accepted. */
  reset(): void {
    for (const { client, service } of this.pairs) {
      reset(client);
      reset(service);
    }
  }

  /** Ends all connections, and stops listening. */
  async close(): Promise<void> {
    proxies.delete(this);
    this.reset();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    if (this.isDown) {
      reset(client);
      return;
    }
    const service = connect({
      port: this.targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    const held = { up: [], down: [] };
    const pair: Pair = { client, service, held, untold: new Set(), isCut: false };
    this.pairs.add(pair);
    for (const [socket, other, direction] of [
      [client, service, 'up'],
      [service, client, 'down'],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('data', (chunk: Buffer) => this.receive(pair, direction, chunk));
      socket.on('end', () => {
        if (this.frozen) pair.untold.add(direction);
        else other.end();
      });
      socket.on('error', () => {
        if (this.frozen) pair.untold.add(direction);
        else reset(other);
      });
      socket.on('close', () => {
        if (other.closed) this.pairs.delete(pair);
      });
    }
  }

  private receive(pair: Pair, direction: Direction, chunk: Buffer): void {
    if (this.frozen || this.heldBack.has(direction)) pair.held[direction].push(chunk);
    else if (this.delay === 0) this.pass(pair, direction, chunk);
    else setTimeout(() => this.pass(pair, direction, chunk), this.delay);
  }

  private pass(pair: Pair, direction: Direction, chunk: Buffer): void {
    const socket = target(pair, direction);
    if (socket.destroyed || pair.isCut) return;
    const left = this.left[direction];
    if (chunk.length < left) {
      this.left[direction] = left - chunk.length;
      socket.write(chunk);
      return;
    }
    this.left[direction] = Infinity;
    pair.isCut = true;
    // The bytes before the cut must be sent before the reset overtakes them.
    socket.write(chunk.subarray(0, left), () => {
      reset(pair.client);
      reset(pair.service);
    });
  }
}

function target(pair: Pair, direction: Direction): Socket {
  return direction === 'up' ? pair.service : pair.client;
}

/** @param targetPort of a service on loopback */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = new TcpProxy(targetPort);
  await proxy.listen();
  return proxy;
}
