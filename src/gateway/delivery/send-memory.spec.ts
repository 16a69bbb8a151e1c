import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { loadSettings } from '../../config/load.js';
import type { Settings } from '../../config/settings.js';
import { NoLimitExchange } from '../../engines/memory/no-limit-exchange.js';
import { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { SendMemory } from './send-memory.js';
import { NativeFormat } from '../transports/ws/native-format.js';
import { HandChannel } from '../../../test/support/hand-channel.js';
import { HandClock } from '../../../test/support/hand-clock.js';

const MB = 1_048_576;

describe('What waits for all readers together', () => {
  const format = new NativeFormat(8);
  let memory: SendMemory;
  let registry: ConnectionRegistry;
  let count = 0;

  function begin(env: Record<string, string> = {}): void {
    const settings: Settings = loadSettings({ MAX_SEND_MEMORY: String(10 * MB), ...env });
    registry = new ConnectionRegistry(new NoLimitExchange(), settings);
    memory = new SendMemory(registry, new HandClock(), settings);
  }

  /** @param own megabytes that only this reader was written; `shared` with others */
  function reader(own: number, shared = 0, unhandled = 0): HandChannel {
    const channel = new HandChannel();
    const user = { id: `p${++count}`, username: `p${count}` };
    const identity = { user, sessionId: `s${count}`, expiresAt: Infinity };
    const connection = new Connection(
      ...([`c${count}`, identity, '::1', format, channel, false] as const),
      () => undefined,
    );
    connection.receiveWith({ receive: () => undefined, waitingBytes: unhandled * MB });
    registry.add(connection);
    connection.write(Buffer.alloc(own * MB));
    channel.write(Buffer.alloc(shared * MB));
    return channel;
  }

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  afterEach(() => {
    memory.onApplicationShutdown();
  });

  it('is let be while it is within the bound', () => {
    begin();
    const readers = [reader(4), reader(3), reader(3), reader(0)];
    memory.look();
    expect(readers.map(({ ended }) => ended)).toEqual([null, null, null, null]);
    expect([memory.bytes, memory.closed]).toEqual([10 * MB, 0]);
  });

  it('is bounded by closing those with the most as slow readers, and only as many as needed [S46]', () => {
    begin();
    const readers = [reader(2), reader(5), reader(3), reader(4), reader(1)];
    memory.look();
    expect(readers.map(({ ended }) => ended)).toEqual([null, 4408, null, null, null]);
    expect(memory.closed).toBe(1);
  });

  it('counts once what members of a room share', () => {
    begin();
    const readers = Array.from({ length: 50 }, () => reader(0, 6));
    memory.look();
    expect(readers.every(({ ended }) => ended === null)).toBe(true);
    expect(memory.bytes).toBe(6 * MB);
    const own = reader(5, 6);
    memory.look();
    expect(memory.bytes).toBe(11 * MB);
    expect(own.ended).toBe(4408);
    expect(readers.every(({ ended }) => ended === null)).toBe(true);
  });

  it('does not wait for a reader who was closed already and still takes nothing [S46]', () => {
    begin();
    const closed = reader(6);
    const open = reader(5);
    memory.look();
    expect([closed.ended, open.ended]).toEqual([4408, null]);
    memory.look();
    expect([closed.ended, open.ended]).toEqual(['terminated', null]);
    expect(memory.closed).toBe(1);
  });

  it('counts frames that wait to be handled with it', () => {
    begin();
    const readers = [reader(1, 0, 6), reader(4)];
    memory.look();
    expect(readers.map(({ ended }) => ended)).toEqual([4408, null]);
  });

  it('forgets what a reader has taken', () => {
    begin();
    const fast = reader(8);
    fast.queuedBytes = 0;
    memory.look();
    fast.queuedBytes = 8 * MB;
    const other = reader(9);
    memory.look();
    expect(memory.bytes).toBe(17 * MB);
    expect([fast.ended, other.ended]).toEqual([null, 4408]);
  });

  it('is bounded by the heap that Node has, too', () => {
    begin({ MAX_SEND_MEMORY: '68719476736' });
    const one = reader(0);
    one.queuedBytes = 60_000 * MB;
    memory.look();
    expect(one.ended).toBe(4408);
  });
});
