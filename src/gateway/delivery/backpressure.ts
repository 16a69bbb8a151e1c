import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { RECONNECT } from '../wire/close-codes.js';
import type { Connection } from '../connections/connection.js';

/**
 * The last door before the socket: bounds what waits for a reader who does not keep up. Beyond
 * half of the bound presence is left out, beyond the bound the connection is closed; both are
 * repaired by a Sync and by asking for the list.
 */
@Injectable()
export class Backpressure {
  /** Messages handed to connections. */
  delivered = 0;
  /** Writes to sockets, of however many frames. */
  writes = 0;
  /** Writes that presence was left out of, because their reader is slow. */
  withheld = 0;
  private readonly bound: number;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.bound = settings.limits.sendQueueBytes;
  }

  /**
   * Writes, together with what waits for this connection alone, in one piece.
   * @param shared what the room is told
   * @param essential the same without what may be dropped
   * @returns whether the connection was still open, and fast enough
   */
  write(connection: Connection, shared: Buffer | null, essential: Buffer | null): boolean {
    if (!connection.open) return false;
    const { channel } = connection;
    const queued = channel.queuedBytes;
    if (queued > this.bound) {
      connection.outbox = null;
      connection.close(RECONNECT.slowReader);
      return false;
    }
    const isSlow = queued > this.bound / 2;
    const told = isSlow ? essential : shared;
    if (isSlow && essential !== shared) this.withheld++;
    this.writes++;
    const own = connection.outbox === null ? null : connection.takeOutbox();
    if (own === null) {
      if (told !== null && told.length > 0) channel.write(told);
    } else {
      connection.write(told === null || told.length === 0 ? own : Buffer.concat([told, own]));
    }
    return true;
  }
}
