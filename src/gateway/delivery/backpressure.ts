import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Connection } from '../connections/connection.js';
import { RECONNECT } from '../wire/close-codes.js';
import type { SharedBytes } from '../wire/queued-frame.js';

/**
 * What the hub writes passes here: bounds what is queued for a slow consumer. Beyond half of the
 * bound presence is dropped, beyond the bound the connection is closed; a Sync and a request for
 * the list repair both. What a connection writes at once (the welcome, a Sync) does not pass here.
 */
@Injectable()
export class Backpressure {
  private deliveredSoFar = 0;
  /** Writes to sockets, of any number of frames. */
  writes = 0;
  /** Writes without presence, since their reader is slow. */
  withheld = 0;
  private readonly bound: number;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.bound = settings.limits.sendQueueBytes;
  }

  /** Messages delivered to connections. */
  get delivered(): number {
    return this.deliveredSoFar;
  }

  /** So many messages are written to a connection, with this write or a later one. */
  count(messages: number): void {
    this.deliveredSoFar += messages;
  }

  /**
   * Writes what rooms send, together with what waits for this connection alone, in one piece. Skips
   * a connection that is closed, or too slow.
   */
  write(connection: Connection, shared: SharedBytes | readonly SharedBytes[] | null): void {
    if (!connection.open) return;
    const queued = connection.channel.queuedBytes;
    if (queued > this.bound) {
      connection.closeUnread(RECONNECT.slowReader);
      return;
    }
    const isSlow = this.isSlow(queued);
    this.writes++;
    const own = connection.pending.hasOwn ? connection.pending.takeOwn() : null;
    if (own !== null || isSeveral(shared)) {
      connection.write(concat(this.chooseAll(shared, isSlow), own));
    } else if (shared !== null) {
      // The usual case: one room, and the same bytes for all of its members.
      const told = this.choose(shared, isSlow);
      if (told.length > 0) connection.channel.write(told);
    }
  }

  /**
   * Whether presence is left out for the connection: asked where it would be written as something of
   * its own, of which nothing is left out later.
   */
  withholds(connection: Connection): boolean {
    if (!this.isSlow(connection.channel.queuedBytes)) return false;
    this.withheld++;
    return true;
  }

  private isSlow(queued: number): boolean {
    return queued > this.bound / 2;
  }

  private chooseAll(
    shared: SharedBytes | readonly SharedBytes[] | null,
    isSlow: boolean,
  ): readonly Buffer[] {
    if (shared === null) return [];
    const all = isSeveral(shared) ? shared : [shared];
    return all.map((one) => this.choose(one, isSlow));
  }

  private choose({ all, essential, messages }: SharedBytes, isSlow: boolean): Buffer {
    this.count(messages);
    if (!isSlow || essential === all) return all;
    this.withheld++;
    return essential;
  }
}

function isSeveral(
  shared: SharedBytes | readonly SharedBytes[] | null,
): shared is readonly SharedBytes[] {
  return Array.isArray(shared);
}

function concat(told: readonly Buffer[], own: Buffer | null): Buffer {
  if (own === null) return Buffer.concat(told);
  return told.length === 0 ? own : Buffer.concat([...told, own]);
}
