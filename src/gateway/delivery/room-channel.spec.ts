import { describe, expect, it } from '@jest/globals';
import { HandChannel } from '../../../test/support/hand-channel.js';
import { roomKey } from '../../chat/conversations/key.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { Connection } from '../connections/connection.js';
import { NativeFormat } from '../transports/ws/native-format.js';
import type { SharedBytes } from '../wire/queued-frame.js';
import { RecentMemory } from './recent-memory.js';
import { RoomChannel } from './room-channel.js';

const ROOM = roomKey('dev');
const MOST_RECENT = 3;
const FORMAT = new NativeFormat(8);
const AUTHOR = { id: 'author', username: 'author' };

/** A room, two people, and the numbers that each of them has been written. */
class Stage {
  readonly room: RoomChannel;
  readonly connections = { a: connection('a'), b: connection('b') };
  private readonly written = new Map<string, number[]>();

  constructor() {
    this.room = new RoomChannel(ROOM, () => 'dev', this.write, new RecentMemory(MOST_RECENT));
    this.room.begin(0);
  }

  /** In the order of the writes. */
  toldTo(name: 'a' | 'b'): readonly number[] {
    return this.written.get(name) ?? [];
  }

  /**
   * `+a` joins, `-a` leaves, `7` comes live, `!` is a flush, `a?` is held, `a:7` is released up to 7,
   * `a~` is abandoned, `a^` has what waits already, `x:a` loses its socket.
   * @returns what each release answered
   */
  play(steps: string): readonly boolean[] {
    return steps.split(' ').flatMap((step) => this.step(step));
  }

  private step(step: string): readonly boolean[] {
    const { room, connections } = this;
    if (/^\d+$/.test(step)) room.deliver(event(Number(step)));
    else if (step === '!') room.flush(this.write);
    else {
      const one = step.includes('a') ? connections.a : connections.b;
      const [, upTo] = /^[ab]:(\d+)$/.exec(step) ?? [];
      if (upTo !== undefined) return [room.release(one, Number(upTo))];
      if (step.startsWith('+')) room.join(one);
      else if (step.startsWith('-')) room.leave(one);
      else if (step.startsWith('x')) one.gone();
      else if (step.endsWith('?')) room.hold(one);
      else if (step.endsWith('^')) room.passOver(one);
      else room.abandon(one);
    }
    return [];
  }

  private readonly write = (member: Connection, bytes: SharedBytes): void => {
    const seqs = [...bytes.all.toString().matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));
    this.written.set(member.id, [...(this.written.get(member.id) ?? []), ...seqs]);
  };
}

function connection(id: string): Connection {
  const identity = { user: { id, username: id }, sessionId: id, expiresAt: Infinity };
  return new Connection(id, identity, '::1', FORMAT, new HandChannel(), false, () => undefined);
}

function event(seq: number): LiveEvent {
  return {
    conversation: ROOM,
    seq,
    n: seq,
    id: `e${String(seq)}`,
    time: seq,
    author: AUTHOR,
    to: null,
    kind: 'message',
    target: null,
    body: 'x',
    origin: 'n.1',
  };
}

describe('A room on a node', () => {
  it.each<[string, string, readonly number[], readonly number[]]>([
    ['writes its members what comes, once a flush', '+a +b 1 2 ! 3 !', [1, 2, 3], [1, 2, 3]],
    ['writes nobody what came before they joined', '+a 1 +b 2 !', [1, 2], [2]],
    ['writes who joined meanwhile everything from then on', '+a 1 +b ! 2 ! 3 !', [1, 2, 3], [2, 3]],
    ['writes who joins and leaves meanwhile nothing', '+a 1 +b 2 -b ! +b 3 !', [1, 2, 3], [3]],
    [
      'writes who is held soon after what came since',
      '+a 1 +b 2 b? 3 b:3 4 !',
      [1, 2, 3, 4],
      [2, 4],
    ],
    ['writes nobody twice what they have', '+a +b 1 a^ 2 ! 3 !', [2, 3], [1, 2, 3]],
    ['passes over nothing of what comes later', '+a +b a^ 1 2 a^ 3 !', [3], [1, 2, 3]],
    ['writes who leaves nothing from then on', '+a +b 1 ! -b 2 !', [1, 2], [1]],
    ['writes what waits before somebody is held', '+a +b 1 a? 2 !', [1], [1, 2]],
    ['goes on behind what the log brought', '+a +b a? 1 2 a:2 3 !', [3], [1, 2, 3]],
    ['goes on where the log could not be read', '+a +b a? 1 a~ 2 !', [2], [1, 2]],
    ['passes over what the log brought first', '+a +b a? a:2 1 2 3 !', [3], [1, 2, 3]],
    ['writes nothing to who is held, and gone', '+a +b a? x:a a:5 1 2 !', [], [1, 2]],
  ])('%s', (_, steps, toA, toB) => {
    const stage = new Stage();
    stage.play(steps);
    expect([stage.toldTo('a'), stage.toldTo('b')]).toEqual([toA, toB]);
  });

  it('says where the log has to be read on, since more came live meanwhile', () => {
    const stage = new Stage();
    expect(stage.play('+a a? 1 2 a:1 a:2')).toEqual([false, true]);
  });

  it('has its latest events', () => {
    const stage = new Stage();
    stage.play('+a 1 2 3 4');
    expect(stage.room.recentAfter(0)).toBeNull();
    expect(stage.room.recentAfter(1)).toHaveLength(3);
  });

  it('begins at the head that the store told, or where it has come to meanwhile', () => {
    const { room, ...stage } = new Stage();
    room.begin(5);
    expect(room.head).toBe(5);
    room.deliver(event(6));
    room.begin(5);
    expect([room.head, room.isEmpty, stage.connections.a.open]).toEqual([6, true, true]);
  });
});
