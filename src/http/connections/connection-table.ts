import type { Socket } from 'node:net';
import { Tally } from '../../kernel/metrics/tally.js';
import { HttpConnection } from './http-connection.js';

/** How many connections may speak HTTP at a time; 0: no limit. */
export interface ConnectionLimits {
  readonly perAddress: number;
  readonly inAll: number;
}

/** The connections of one address, or of all. */
interface Group {
  open: number;
  /** Those with no request under way, the longest idle first. */
  readonly idle: Set<HttpConnection>;
}

/**
 * Every connection that speaks HTTP, counted by address. An upgraded socket is counted elsewhere.
 *
 * At a limit, the connection idle for longest is closed, as HTTP allows at any time (RFC 9112,
 * 9.5). Where none is idle, the new one is.
 */
export class ConnectionTable {
  /** Connections closed because of a limit, by outcome. */
  readonly displaced = new Tally('outcome', ['refused', 'idle-closed']);
  private readonly connections = new Map<Socket, HttpConnection>();
  private readonly everybody: Group = { open: 0, idle: new Set() };
  private readonly byAddress = new Map<string, Group>();

  /**
   * @param addressOf how limits count a peer's address; null where it is a trusted proxy, which
   *   speaks for many and is bounded by the overall limit only
   */
  constructor(
    private readonly limits: ConnectionLimits,
    private readonly addressOf: (socket: Socket) => string | null,
  ) {}

  get size(): number {
    return this.connections.size;
  }

  all(): Iterable<HttpConnection> {
    return this.connections.values();
  }

  get(socket: Socket): HttpConnection | undefined {
    return this.connections.get(socket);
  }

  /** @returns null where the limit is reached: the socket is closed */
  admit(socket: Socket): HttpConnection | null {
    const address = this.addressOf(socket);
    const group = address === null ? null : this.groupOf(address);
    const hasRoom =
      (group === null || this.makeRoom(group, this.limits.perAddress)) &&
      this.makeRoom(this.everybody, this.limits.inAll);
    if (!hasRoom) {
      this.displaced.count('refused');
      socket.destroy();
      return null;
    }
    const connection = new HttpConnection(socket, address);
    this.connections.set(socket, connection);
    if (address !== null && group !== null) this.byAddress.set(address, group);
    for (const one of this.groupsOf(connection)) one.open += 1;
    this.idle(connection);
    return connection;
  }

  /** It has ended, or no longer speaks HTTP. Idempotent. */
  remove(connection: HttpConnection): void {
    if (!this.connections.delete(connection.socket)) return;
    this.busy(connection);
    for (const group of this.groupsOf(connection)) group.open -= 1;
    const { address } = connection;
    if (address !== null && this.byAddress.get(address)?.open === 0) this.byAddress.delete(address);
  }

  busy(connection: HttpConnection): void {
    for (const { idle } of this.groupsOf(connection)) idle.delete(connection);
  }

  idle(connection: HttpConnection): void {
    if (!this.connections.has(connection.socket)) return;
    for (const { idle } of this.groupsOf(connection)) idle.add(connection);
  }

  private makeRoom(group: Group, limit: number): boolean {
    if (limit === 0 || group.open < limit) return true;
    const [oldest] = group.idle;
    if (oldest === undefined) return false;
    this.displaced.count('idle-closed');
    this.remove(oldest);
    oldest.socket.destroy();
    return true;
  }

  private groupOf(address: string): Group {
    return this.byAddress.get(address) ?? { open: 0, idle: new Set() };
  }

  private groupsOf({ address }: HttpConnection): readonly Group[] {
    const own = address === null ? undefined : this.byAddress.get(address);
    return own === undefined ? [this.everybody] : [this.everybody, own];
  }
}
