import { getHeapStatistics } from 'node:v8';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { RECONNECT } from '../wire/close-codes.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';

const LOOK_EVERY_MS = 100;
/** Share of Node's heap limit: the rest of the service needs room, too. */
const MOST_OF_HEAP = 1 / 4;

/** What is queued for one connection. */
interface Backlog {
  readonly connection: Connection;
  readonly total: number;
  /** Bytes kept for this connection alone. */
  readonly own: number;
  /** Bytes shared with all of its format who are as far behind. */
  readonly shared: number;
}

/**
 * Load shedding: bounds what is queued for all readers together, whatever the bound on each. Beyond
 * it those with the most are closed first, as slow readers. Bytes sent to a room are in memory
 * once, however many members have yet to take them, and count once.
 *
 * It checks ten times a second: counting would cost every delivery, and a check costs nothing where
 * nothing is queued.
 */
@Injectable()
export class SendMemory implements OnApplicationShutdown {
  /** Connections closed to relieve the others. */
  closed = 0;
  /** Bytes queued at the last check. */
  bytes = 0;
  private readonly logger = new Logger(SendMemory.name);
  private readonly bound: number;
  private readonly timer: Timer;

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const { sendMemoryBytes } = settings.limits;
    const heap = getHeapStatistics().heap_size_limit;
    this.bound = Math.min(sendMemoryBytes, heap * MOST_OF_HEAP);
    this.timer = scheduler.every(LOOK_EVERY_MS, () => {
      this.look();
    });
  }

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }

  /** Closes those with the most until the rest is within the bound. */
  look(): void {
    const backlogs = this.backlogs();
    this.bytes = totals(backlogs).at(0) ?? 0;
    if (this.bytes <= this.bound) return;
    backlogs.sort(byTotal);
    // They are closed from the front; each index holds what would be left.
    const staying = totals(backlogs).findIndex((bytes) => bytes <= this.bound);
    let closed = 0;
    for (const { connection } of backlogs.slice(0, staying)) closed += end(connection) ? 1 : 0;
    this.closed += closed;
    this.logger.warn({ event: 'send-memory-full', bytes: this.bytes, closed });
  }

  private backlogs(): Backlog[] {
    const backlogs: Backlog[] = [];
    for (const connection of this.registry.all()) {
      const queued = connection.channel.queuedBytes;
      const unhandled = connection.unhandledBytes;
      const own = connection.ownOf(queued);
      if (queued + unhandled === 0) continue;
      backlogs.push({
        connection,
        total: queued + unhandled,
        own: own + unhandled,
        shared: queued - own,
      });
    }
    return backlogs;
  }
}

/** First those closed already, then those with the most. */
function byTotal(one: Backlog, other: Backlog): number {
  const isOpen = Number(one.connection.open) - Number(other.connection.open);
  return isOpen === 0 ? other.total - one.total : isOpen;
}

/** @returns for each index, and the end, the bytes kept by the connections from there on */
function totals(backlogs: readonly Backlog[]): readonly number[] {
  const left = [0];
  const longest = new Map<WireFormat, number>();
  let own = 0;
  for (const one of backlogs.toReversed()) {
    const { format } = one.connection;
    own += one.own;
    longest.set(format, Math.max(longest.get(format) ?? 0, one.shared));
    let shared = 0;
    for (const bytes of longest.values()) shared += bytes;
    left.push(own + shared);
  }
  return left.reverse();
}

/**
 * Closes a reader; one that was told before, and is still there, is cut.
 * @returns whether it is told now
 */
function end(connection: Connection): boolean {
  if (!connection.open) {
    connection.channel.terminate();
    return false;
  }
  connection.closeUnread(RECONNECT.slowReader);
  return true;
}
