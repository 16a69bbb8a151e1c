import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { BurstLimiter } from '../../kernel/limits/burst-limiter.js';
import { SystemScheduler } from '../../kernel/scheduler.js';
import type { Exchange, HttpConnection } from './http-connection.js';

/** Requests of one connection that may wait for the answer to the one before them. */
export const MOST_WAITING = 128;
/** Such requests of all connections; each takes about four kilobytes. */
const MOST_WAITING_IN_ALL = 8_192;

/** Hears what a connection is doing. */
export interface BusyWatch {
  busy(connection: HttpConnection): void;
  idle(connection: HttpConnection): void;
}

/**
 * Handles the requests of a connection one at a time, in order.
 *
 * Node hands over pipelined requests all at once and holds their answers back until each is first
 * in line. An answer that never gets there emits neither `finish` nor `close`, so whatever waits
 * for these would leak its files and slots. A handler that was never called holds nothing.
 *
 * While a request waits, the socket is not read. So the queue holds what one read brought (64 KiB),
 * and at most {@link MOST_WAITING} requests: the one beyond is refused, and the connection closed.
 */
export class RequestQueue {
  /** Requests that wait, those beyond the limit included. */
  waiting = 0;
  /** Requests that were read and never handled, because their connection ended first. */
  dropped = 0;
  private readonly refused = new WeakSet<IncomingMessage>();
  private readonly burstLimiter = new BurstLimiter(new SystemScheduler());
  private readonly logger = new Logger('HTTP');

  /**
   * @param handle answers a request, now or later. Must not throw
   * @param watch told when a connection becomes busy, and when it becomes idle
   */
  constructor(
    private readonly handle: (exchange: Exchange) => void,
    private readonly watch: BusyWatch,
  ) {}

  /** Accepts a request: it is handled now, or when those before it are answered. */
  enter(connection: HttpConnection, exchange: Exchange): void {
    if (connection.isFree) {
      this.watch.busy(connection);
      this.begin(connection, exchange);
    } else if (connection.last === null) {
      this.wait(connection, exchange);
    } else {
      // A time-out has already answered last, and Node's parser reads on.
      this.drop(1);
    }
  }

  /** Whether too many requests were waiting when this one came: it must be refused. */
  isRefused(request: IncomingMessage): boolean {
    return this.refused.has(request);
  }

  /** Calls back when all requests so far are answered: at once where they are. None may follow. */
  finally(connection: HttpConnection, call: () => void): void {
    if (connection.last !== null) return;
    const isFree = connection.isFree;
    connection.endWith(call);
    if (isFree) call();
  }

  /** A request whose body never completes will not be answered; nor will those behind it. */
  forgetIncomplete(connection: HttpConnection): void {
    const count = connection.dropIncomplete();
    if (count > 0) this.drop(count, true);
  }

  /** The connection has ended. */
  forget(connection: HttpConnection): void {
    const count = connection.dropAll();
    if (count > 0) this.drop(count, true);
  }

  private begin(connection: HttpConnection, exchange: Exchange): void {
    connection.begin(exchange.response);
    exchange.response.once('finish', () => {
      this.next(connection);
    });
    this.handle(exchange);
  }

  private wait(connection: HttpConnection, exchange: Exchange): void {
    this.waiting += 1;
    const { queued } = connection;
    if (queued === 0) process.nextTick(pauseWhereWaiting, connection);
    if (queued === MOST_WAITING) this.refused.add(exchange.request);
    if (queued <= MOST_WAITING) connection.wait(exchange);
    else connection.passOver();
    if (this.waiting > MOST_WAITING_IN_ALL) connection.socket.destroy();
  }

  private next(connection: HttpConnection): void {
    connection.finish();
    // After an answer with `Connection: close` Node sends no further one.
    if (!connection.isWritable) return;
    const exchange = connection.takeNext();
    if (exchange !== undefined) this.beginSoon(connection, exchange);
    else if (connection.last !== null) connection.last();
    else this.watch.idle(connection);
  }

  /** Yields to others in between: whoever pipelines many requests waits for them. */
  private beginSoon(connection: HttpConnection, exchange: Exchange): void {
    this.waiting -= 1;
    connection.begin(exchange.response);
    if (connection.queued === 0 && connection.last === null) connection.socket.resume();
    this.burstLimiter.enter(() => {
      if (connection.isWritable) this.begin(connection, exchange);
      else this.drop(1);
    });
  }

  private drop(count: number, areWaiting = false): void {
    if (areWaiting) this.waiting -= count;
    this.dropped += count;
    this.logger.log({ event: 'requests-dropped', count });
  }
}

/**
 * Stops reading while requests wait. Called when all that one read brought is parsed: an upgrade in
 * it detaches the socket from the parser, and Node would not start to read again.
 */
export function pauseWhereWaiting({ socket, queued, last }: HttpConnection): void {
  if (queued > 0 && last === null) socket.pause();
}
