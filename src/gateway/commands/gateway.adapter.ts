import { Injectable } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import type { Command } from '../wire/command.js';
import { refOf, UnreadableFrame } from '../wire/unreadable-frame.js';
import type { Connection } from '../connections/connection.js';
import { FrameType } from '../wire/frames.js';
import { CommandQueue } from './command-queue.js';
import { RejectFilter } from './reject.filter.js';

const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(FrameType).map(([name, type]) => [type, name]),
);

type Callback = (...args: never[]) => void;

/**
 * Where Nest's gateway and the transports meet. To Nest, the client of every handler, guard and
 * filter is a {@link Connection}; no socket passes through here.
 *
 * Nest's own adapter handles the frames of one client side by side, answers nothing to what it
 * cannot read, and takes the whole upgrade event of the server for itself. Those parts are
 * replaced: frames go through the connection's {@link CommandQueue}, refusals through
 * {@link RejectFilter}, upgrades through the dispatcher.
 */
@Injectable()
export class GatewayAdapter extends WsAdapter {
  /** Frames of clients that could be read, by type. */
  readonly received = new Tally('type', NAMES.values());
  private connected: ((connection: Connection) => void) | null = null;
  /** At which place of Nest's list a type's handler stands: the same for every connection. */
  private places: ReadonlyMap<unknown, number> = new Map();

  constructor(private readonly filter: RejectFilter) {
    super();
  }

  /** A transport has a new connection. Its first frame is handled after this returned. */
  accept(connection: Connection): void {
    if (this.connected === null) throw new Error('no gateway is bound yet');
    this.connected(connection);
  }

  override create(): this {
    return this;
  }

  override bindClientConnect(_server: unknown, callback: Callback): void {
    this.connected = callback as (connection: Connection) => void;
  }

  override bindClientDisconnect(connection: Connection, callback: Callback): void {
    connection.onGone(callback);
  }

  override bindMessageHandlers(connection: Connection, handlers: MessageMappingProperties[]): void {
    if (this.places.size !== handlers.length) {
      this.places = new Map(handlers.map(({ message }, place) => [message, place]));
    }
    const queue = new CommandQueue(connection, {
      handle: ({ type, body }: Command) => {
        const handler = handlers[this.places.get(type) ?? -1];
        this.received.count(NAMES.get(type) ?? 'unknown');
        if (handler === undefined) throw new Refusal('unknown-type', { field: 'type' });
        return handler.callback(body) as Promise<unknown>;
      },
      refuse: (error, command) => {
        this.filter.refuseUnhandled(connection, error, refOfRefused(error, command));
      },
    });
    connection.receiveWith(queue);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function refOfRefused(error: unknown, command: Command | null): string | null {
  if (command !== null) return refOf(command.body);
  return error instanceof UnreadableFrame ? error.ref : null;
}
