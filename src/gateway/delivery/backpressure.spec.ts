import { describe, expect, it } from '@jest/globals';
import { HandChannel } from '../../../test/support/hand-channel.js';
import { loadSettings } from '../../config/load.js';
import { Connection } from '../connections/connection.js';
import type { SharedBytes } from '../wire/queued-frame.js';
import { NativeFormat } from '../transports/ws/native-format.js';
import { Backpressure } from './backpressure.js';

const BOUND = 65_536;
const HALF = BOUND / 2;

const room = Buffer.from('[message][presence]');
const essential = Buffer.from('[message]');
const own = Buffer.from('[own]');
const nothing = Buffer.alloc(0);

function reader(queued: number, waiting: Buffer | null = null): [Connection, HandChannel] {
  const channel = new HandChannel();
  const identity = { user: { id: 'a', username: 'ann' }, sessionId: 's', expiresAt: Infinity };
  const connection = new Connection(
    ...(['c1', identity, '::1', new NativeFormat(8), channel, false] as const),
    () => undefined,
  );
  if (waiting !== null) connection.enqueue(waiting);
  channel.queuedBytes = queued;
  return [connection, channel];
}

const said = (all: Buffer, withoutPresence: Buffer, messages = 1): SharedBytes => ({
  all,
  essential: withoutPresence,
  messages,
});

const limited = (): Backpressure =>
  new Backpressure(loadSettings({ MAX_SEND_QUEUE_BYTES: String(BOUND) }));

describe('The last door before the socket', () => {
  it.each<
    [string, number, Buffer | null, Buffer | null, Buffer | null, string, Partial<Backpressure>]
  >([
    ['what its room is told', 0, null, room, essential, '[message][presence]', { withheld: 0 }],
    ['what waits for it alone', 0, own, null, null, '[own]', {}],
    ['both in one piece, its own behind', 0, own, room, essential, '[message][presence][own]', {}],
    ['nothing where there is nothing', 0, null, nothing, nothing, '', { writes: 1 }],
    ['everything up to half of the bound', HALF, null, room, essential, '[message][presence]', {}],
    ['no presence above half of it', HALF + 1, null, room, essential, '[message]', { withheld: 1 }],
    ['its own all the same', HALF + 1, own, room, essential, '[message][own]', { withheld: 1 }],
    ['no presence alone', HALF + 1, null, room, nothing, '', { withheld: 1 }],
    [
      'a message as it is, counted as whole',
      BOUND,
      own,
      room,
      room,
      '[message][presence][own]',
      { withheld: 0 },
    ],
  ])('lets through %s', (_, queued, waiting, shared, without, written, counted) => {
    const door = limited();
    const [connection, channel] = reader(queued, waiting);
    door.write(connection, shared === null ? null : said(shared, without ?? shared));
    expect(channel.written).toBe(written);
    expect(channel.writes).toBe(written === '' ? 0 : 1);
    expect(connection.pending.hasOwn).toBe(false);
    expect(door).toMatchObject(counted);
  });

  it('writes what several rooms say in one piece, each without what may be dropped', () => {
    const door = limited();
    const [connection, channel] = reader(HALF + 1, own);
    const other = Buffer.from('[other room]');
    door.write(connection, [said(room, essential), said(other, other), said(nothing, nothing, 0)]);
    expect([channel.written, channel.writes]).toEqual(['[message][other room][own]', 1]);
    expect(door).toMatchObject({ withheld: 1, delivered: 2, writes: 1 });
  });

  it('closes a reader behind the bound as a slow one, and keeps nothing for it [S46]', () => {
    const door = limited();
    const [connection, channel] = reader(BOUND + 1, own);
    door.write(connection, said(room, essential));
    expect([channel.ended, channel.written, connection.open]).toEqual([4408, '', false]);
    expect(connection.pending.hasOwn).toBe(false);
    expect(door.writes).toBe(0);
  });

  it('tells a connection that has ended nothing more', () => {
    const door = limited();
    const [connection, channel] = reader(0, own);
    connection.gone();
    door.write(connection, said(room, essential));
    expect([channel.written, channel.ended, door.writes]).toEqual(['', null, 0]);
  });
});
