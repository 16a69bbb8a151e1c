import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandChannel } from '../../../test/support/hand-channel.js';
import { HandNode } from '../../../test/support/hand-node.js';
import { roomKey } from '../../chat/conversations/key.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { newJoin } from '../../chat/messages/kinds/join.js';
import { newMemberRole } from '../../chat/messages/kinds/member.js';
import { newMessage } from '../../chat/messages/kinds/message.js';
import { newPart } from '../../chat/messages/kinds/part.js';
import { newRoomState } from '../../chat/messages/kinds/room.js';
import { Connection } from '../connections/connection.js';
import { NativeFormat } from '../transports/ws/native-format.js';

const ANN = { id: 'ann', username: 'ann' };
const BEN = { id: 'ben', username: 'ben' };
const DEV = roomKey('dev');
const FORMAT = new NativeFormat(8);
const BODIES = {
  says: newMessage('hello', 100),
  joins: newJoin({ how: 'self', by: null, text: '' }),
  parts: newPart({ how: 'self', by: null, reason: null, text: '' }),
  promotes: newMemberRole({ member: ANN, role: 'moderator' }),
  renames: newRoomState({
    ...({ name: 'ops', title: null, topic: null, kind: 'public', history: 'all' } as const),
    ...{ rights: {}, archivedAt: null },
  }),
};

interface Case {
  readonly says: string;
  /** Ann's numbers at the start, or whether she is out of the room. */
  readonly isIn: boolean;
  /** `ann joins`, `ben says`: each with the next number. `hold`: Ann's log is being read. */
  readonly steps: readonly string[];
  /** The numbers that Ann's connection is told. */
  readonly told: readonly number[];
  /** The number of the last Join by what the node knows; null: not in the room. */
  readonly joined: number | null;
}

const CASES: readonly Case[] = [
  {
    says: 'a Join, and what follows, and nothing before',
    ...{ isIn: false, steps: ['ben says', 'ann joins', 'ben says'] },
    ...{ told: [2, 3], joined: 2 },
  },
  {
    says: 'everything up to the Part, and nothing above',
    ...{ isIn: true, steps: ['ben says', 'ann parts', 'ben says'] },
    ...{ told: [1, 2], joined: null },
  },
  {
    says: 'what comes between a Join and a Part, each time',
    isIn: false,
    steps: ['ann joins', 'ann parts', 'ben says', 'ann joins', 'ben says', 'ann parts', 'ben says'],
    ...{ told: [1, 2, 4, 5, 6], joined: null },
  },
  {
    says: 'the comings and goings of others',
    ...{ isIn: true, steps: ['ben parts', 'ben joins'] },
    ...{ told: [1, 2], joined: 0 },
  },
  {
    says: 'nothing live while the log is read, nor after a Part that came meanwhile',
    ...{ isIn: true, steps: ['hold', 'ben says', 'ann parts', 'ben says'] },
    ...{ told: [], joined: null },
  },
];

describe('What somebody is told of a room', () => {
  let node: HandNode;
  let channel: HandChannel;
  let connection: Connection;
  let seq: number;

  beforeEach(async () => {
    node = new HandNode();
    await node.start();
    await node.open(DEV);
    channel = new HandChannel();
    const identity = { user: ANN, sessionId: 's', expiresAt: Infinity };
    connection = new Connection(
      ...(['a', identity, '::1', FORMAT, channel, false, node.hub.gather] as const),
    );
    node.book.settle(ANN.id, new Map());
    node.registry.add(connection);
    seq = 0;
  });

  function happens(person: typeof ANN, what: keyof typeof BODIES): void {
    seq++;
    const event: LiveEvent = {
      ...BODIES[what],
      ...{ conversation: DEV, seq, n: seq, id: `e${seq}`, time: 1, author: person, to: null },
      origin: '',
    };
    node.moves.before(event);
    node.channels.get(DEV)?.deliver(event);
    node.moves.after(event);
  }

  function play(steps: readonly string[]): void {
    for (const step of steps) {
      const [who = '', what = ''] = step.split(' ');
      if (who === 'hold') node.hub.hold(connection, DEV);
      else happens(who === 'ann' ? ANN : BEN, what as keyof typeof BODIES);
    }
    node.channels.get(DEV)?.flushMessages();
  }

  function enter(): void {
    node.book.enter(ANN.id, DEV, { role: 'member', joined: 0, left: null });
    node.channels.keepOpen(DEV);
    node.hub.join(connection, DEV);
  }

  function told(): readonly number[] {
    return [...channel.written.matchAll(/"seq":(\d+)/g)].map(([, number]) => Number(number));
  }

  it.each(CASES)('is $says', ({ isIn, steps, told: numbers, joined }) => {
    if (isIn) enter();
    play(steps);
    expect(told()).toEqual(numbers);
    expect(node.book.membership(ANN.id, DEV)?.joined ?? null).toBe(joined);
    expect(connection.isIn(DEV)).toBe(joined !== null);
  });

  it('goes on under another name, and with another role', () => {
    enter();
    play(['ben says', 'ben renames', 'ben promotes', 'ben says']);
    const rooms = [...channel.written.matchAll(/"room":"(\w+)"/g)].map(([, name]) => name);
    expect(rooms).toEqual(['dev', 'ops', 'ops', 'ops']);
    expect(node.channels.heads([DEV])).toEqual({ ops: 4 });
    expect(node.book.membership(ANN.id, DEV)?.role).toBe('moderator');
    expect(node.book.named('dev')?.name).toBe('ops');
    expect(node.hub.recentAfter(DEV, 0)).toBeNull();
  });

  it('ends at the Part also for a log that is being read', () => {
    enter();
    play(['hold', 'ann parts']);
    expect(connection.cursors.lastOf(DEV)).toBe(1);
    node.hub.abandon(connection, DEV);
    expect(connection.cursors.isReading(DEV)).toBe(false);
  });

  it('is left to be brought where the room is not heard without a gap', () => {
    const late: string[] = [];
    node.moves.watchWith({
      cameLate: (personId, _key, number) => late.push(`${personId} ${number}`),
      went: () => undefined,
      isMoving: () => seq > 5,
    });
    seq = 3;
    play(['ann joins', 'ben says', 'ann joins']);
    expect(late).toEqual(['ann 4', 'ann 6']);
    expect(told()).toEqual([]);
  });
});
