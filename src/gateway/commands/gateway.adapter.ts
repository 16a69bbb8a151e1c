import { Injectable } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { FrameType } from '@parley/protocol';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import type { Command } from '../wire/command.js';
import { refOf, UnreadableFrame } from '../wire/unreadable-frame.js';
import type { Connection } from '../connections/connection.js';
import { CommandQueue } from './command-queue.js';
import { CommandTable } from './command-table.js';
import { RejectFilter } from './reject.filter.js';

/** Of the types that a client may know of; any other number is `other` in the figures. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(FrameType)
    .filter(([, type]) => type !== FrameType.Unknown)
    .map(([name, type]) => [type, name]),
);

type Callback = (...args: never[]) => void;
/** A handler of one connection, wrapped in its guards, pipes and filters. */
type BoundHandler = MessageMappingProperties['callback'];

/**
 * Connects Nest's gateways to the transports. To Nest, the client of every handler, guard and
 * filter is a {@link Connection}; no socket passes through here.
 *
 * Nest's own adapter handles the frames of one client in parallel, does not answer unreadable ones,
 * and claims the server's upgrade event for itself. Those parts are replaced: frames go through the
 * connection's {@link CommandQueue}, refusals through {@link RejectFilter}, upgrades through the
 * dispatcher.
 */
@Injectable()
export class GatewayAdapter extends WsAdapter {
  /** Readable frames of clients, by type. */
  readonly received = new Tally('type', NAMES.values());
  /** Per gateway: announces a connection to Nest, which binds the gateway's handlers to it. */
  private readonly gateways: ((connection: Connection) => void)[] = [];
  /** The handlers of the connection being accepted, each at its command's index. */
  private binding: BoundHandler[] = [];
  /** The gateway that is being bound. */
  private bound = 0;
  /** By the index of a command: its gateway, as the first connection showed. */
  private readonly gatewayOf: number[] = [];
  /** Shared by all connections. */
  private readonly isConcurrent = ({ type }: Command): boolean => this.commands.isConcurrent(type);

  constructor(
    private readonly filter: RejectFilter,
    private readonly commands: CommandTable,
  ) {
    super();
  }

  /** A transport has a new connection. Its first frame is handled after this returns. */
  accept(connection: Connection): void {
    if (this.gateways.length === 0) throw new Error('no gateway is bound yet');
    const handlers = new Array<BoundHandler>(this.commands.size);
    for (const [at, connect] of this.gateways.entries()) {
      if (!this.isLazy(at)) this.bind(connection, handlers, at, connect);
    }
    const queue = new CommandQueue(connection, {
      handle: (command) => this.handle(command, connection, handlers),
      isConcurrent: this.isConcurrent,
      refuse: (error, command) => {
        const subject = command?.body ?? error;
        this.filter.refuseUnhandled(connection, error, refOfRefused(error, command), subject);
      },
    });
    connection.receiveWith(queue);
  }

  override create(): this {
    return this;
  }

  override bindClientConnect(_server: unknown, callback: Callback): void {
    this.gateways.push(callback as (connection: Connection) => void);
  }

  override bindClientDisconnect(connection: Connection, callback: Callback): void {
    connection.onGone(callback);
  }

  /** Called within {@link bind}. */
  override bindMessageHandlers(_connection: unknown, handlers: MessageMappingProperties[]): void {
    for (const { message, callback } of handlers) {
      const place = this.commands.placeOf(message);
      this.binding[place] = callback;
      this.gatewayOf[place] = this.bound;
    }
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override dispose(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Whether its handlers are bound with the first frame that needs them: most connections never send
   * most types. Which types are a gateway's, the first connection shows.
   */
  private isLazy(gateway: number): boolean {
    return this.gatewayOf.includes(gateway);
  }

  private bind(
    connection: Connection,
    handlers: BoundHandler[],
    gateway: number,
    connect = this.gateways[gateway],
  ): void {
    this.binding = handlers;
    this.bound = gateway;
    connect?.(connection);
  }

  private handle(
    { type, body }: Command,
    connection: Connection,
    handlers: BoundHandler[],
  ): Promise<unknown> {
    this.received.count(NAMES.get(type) ?? 'unknown');
    const place = this.commands.placeOf(type);
    const gateway = this.gatewayOf[place];
    if (gateway !== undefined && handlers[place] === undefined) {
      this.bind(connection, handlers, gateway);
    }
    const handler = handlers[place];
    if (handler === undefined) throw new Refusal('unknown-type', { field: 'type' });
    return handler(body) as Promise<unknown>;
  }
}

function refOfRefused(error: unknown, command: Command | null): string | null {
  if (command !== null) return refOf(command.body);
  return error instanceof UnreadableFrame ? error.ref : null;
}
