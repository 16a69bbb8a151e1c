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
    this.binding = handlers;
    for (const connect of this.gateways) connect(connection);
    const queue = new CommandQueue(connection, {
      handle: (command) => this.handle(command, handlers),
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

  /** Called within {@link accept}, once for each gateway. */
  override bindMessageHandlers(_connection: unknown, handlers: MessageMappingProperties[]): void {
    for (const { message, callback } of handlers) {
      this.binding[this.commands.placeOf(message)] = callback;
    }
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override dispose(): Promise<void> {
    return Promise.resolve();
  }

  private handle({ type, body }: Command, handlers: readonly BoundHandler[]): Promise<unknown> {
    this.received.count(NAMES.get(type) ?? 'unknown');
    const handler = handlers[this.commands.placeOf(type)];
    if (handler === undefined) throw new Refusal('unknown-type', { field: 'type' });
    return handler(body) as Promise<unknown>;
  }
}

function refOfRefused(error: unknown, command: Command | null): string | null {
  if (command !== null) return refOf(command.body);
  return error instanceof UnreadableFrame ? error.ref : null;
}
