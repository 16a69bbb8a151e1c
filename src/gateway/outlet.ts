import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { RECONNECT } from './close-codes.js';
import type { Connection } from './connection.js';

/**
 * The last door before the socket: bounds what waits for a reader who does not keep up. Beyond
 * half of the bound presence is left out, beyond the bound the connection is closed; both are
 * repaired by a Sync and by asking for the list.
 */
@Injectable()
export class Outlet {
  private readonly bound: number;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.bound = settings.limits.sendQueueBytes;
  }

  /**
   * Writes, together with what waits for this connection alone, in one piece.
   * @param shared what the room is told
   * @param essential the same without what may be dropped
   */
  write(connection: Connection, shared: Buffer | null, essential: Buffer | null): void {
    if (!connection.open) return;
    const { channel } = connection;
    const queued = channel.queuedBytes;
    if (queued > this.bound) {
      connection.outbox = null;
      connection.close(RECONNECT.slowReader);
      return;
    }
    const told = queued > this.bound / 2 ? essential : shared;
    const own = connection.outbox === null ? null : connection.takeOutbox();
    if (own === null) {
      if (told !== null && told.length > 0) channel.write(told);
    } else {
      channel.write(told === null || told.length === 0 ? own : Buffer.concat([told, own]));
    }
  }
}
