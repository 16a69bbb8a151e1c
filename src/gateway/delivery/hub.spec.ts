import { beforeEach, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { HandNode, type HandMember } from '../../../test/support/hand-node.js';
import { directKey, roomKey } from '../../chat/conversations/key.js';
import { EncodedFrame } from '../wire/encoded-frame.js';

const ANN = { id: 'ann', username: 'ann' };
const BEN = { id: 'ben', username: 'ben' };
const CAT = { id: 'cat', username: 'cat' };
const DEV = roomKey('dev');
const OPS = roomKey('ops');
const IN_PRIVATE = directKey(ANN.id, BEN.id);

let node: HandNode;

beforeEach(async () => {
  node = new HandNode();
  await node.start();
  await node.open(DEV, OPS);
});

/** The end of the turn, with which the hub flushes. */
function endTurn(): void {
  node.clock.advance(0);
}

describe('A flush of the hub', () => {
  it('is one write to each member, of all that a turn brought', () => {
    const [a, b] = [node.connect(ANN, [DEV]), node.connect(BEN, [DEV])];
    for (let i = 0; i < 3; i++) node.say(CAT, DEV);
    expect([a.channel.writes, b.channel.writes]).toEqual([0, 0]);
    endTurn();
    expect([a.told, a.channel.writes]).toEqual([['dev 1', 'dev 2', 'dev 3'], 1]);
    expect([b.told, b.channel.writes]).toEqual([a.told, 1]);
  });

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['of one room', ['dev'], ['dev 1'], ['dev 1']],
    ['of two rooms', ['dev', 'ops'], ['dev 1', 'ops 1'], ['dev 1']],
    ['of rooms in turns', ['ops', 'dev', 'ops'], ['ops 1', 'ops 2', 'dev 1'], ['dev 1']],
  ])('joins what is %s, and what is for one connection alone behind', (_, said, toA, toB) => {
    const [a, b] = [node.connect(ANN, [DEV, OPS]), node.connect(BEN, [DEV])];
    a.connection.send({ type: FrameType.Renew, data: { expires_at: 7 } });
    for (const room of said) node.say(CAT, roomKey(room));
    endTurn();
    expect([a.told, a.channel.writes]).toEqual([toA, 1]);
    expect(a.channel.written).toMatch(/"expires_at":7\}\}$/);
    expect([b.told, b.channel.writes]).toEqual([toB, 1]);
  });

  it('brings nothing to who has left, or may not read there', () => {
    const [a, b] = [node.connect(ANN, [DEV]), node.connect(BEN, [DEV])];
    const c = node.connect(CAT);
    node.hub.join(c.connection, DEV);
    node.hub.leave(b.connection);
    node.say(CAT, DEV);
    endTurn();
    expect([a.told, b.told, c.told]).toEqual([['dev 1'], [], []]);
  });

  it('brings presence within its time, or with what comes before', () => {
    const a = node.connect(ANN, [DEV]);
    const presence = new EncodedFrame({ type: FrameType.Enter, user: BEN, data: '+', time: 1 });
    node.hub.tellRoom(DEV, presence, 100);
    node.clock.advance(99);
    expect(a.channel.writes).toBe(0);
    node.clock.advance(1);
    expect(a.channel.writes).toBe(1);
    node.hub.tellRoom(DEV, presence, 100);
    node.say(CAT, DEV);
    endTurn();
    expect([a.channel.writes, a.told]).toEqual([2, ['dev 1']]);
    expect(a.channel.written.match(/"data":"\+"/g)).toHaveLength(2);
  });

  it('takes no presence along to everybody where one connection alone is written something', () => {
    const [a, b] = [node.connect(ANN, [DEV]), node.connect(BEN, [DEV])];
    const presence = new EncodedFrame({ type: FrameType.Enter, user: BEN, data: '+', time: 1 });
    node.hub.tellRoom(DEV, presence, 100);
    for (let time = 0; time < 99; time += 33) {
      b.connection.send({ type: FrameType.Renew, data: { expires_at: time } });
      node.clock.advance(33);
    }
    expect([a.channel.writes, b.channel.writes]).toEqual([0, 3]);
    node.clock.advance(1);
    expect([a.channel.writes, b.channel.writes]).toEqual([1, 4]);
  });

  it('can be had at once', () => {
    const a = node.connect(ANN, [DEV]);
    node.say(CAT, DEV);
    node.hub.flushPending();
    expect(a.told).toEqual(['dev 1']);
  });
});

describe('A connection on hold', () => {
  /**
   * `7` is said in the conversation, `?` holds it, `:7` releases it up to 7, `~` abandons it.
   * @returns what each release answered
   */
  function play(member: HandMember, steps: string, where: 'room' | 'private'): readonly boolean[] {
    const key = where === 'room' ? DEV : IN_PRIVATE;
    const answers: boolean[] = [];
    for (const step of steps.split(' ')) {
      if (step === '?') node.hub.hold(member.connection, key);
      else if (step === '~') node.hub.abandon(member.connection, key);
      else if (step.startsWith(':')) {
        answers.push(node.hub.release(member.connection, key, Number(step.slice(1))));
      } else node.say(BEN, where === 'room' ? DEV : ANN);
    }
    endTurn();
    return answers;
  }

  describe.each(['room', 'private'] as const)('(%s)', (where) => {
    it.each<[string, string, readonly number[], readonly boolean[]]>([
      ['gets nothing until it is released', '1 ? 2 3', [1], []],
      ['goes on behind what the log brought', '? 1 2 :2 3', [3], [true]],
      ['stays held where more came meanwhile', '? 1 2 :1 3', [], [false]],
      ['is released once all of it is read', '? 1 2 :1 :2 3', [3], [false, true]],
      ['passes over what the log brought first', '? :2 1 2 3', [3], [true]],
      ['goes on where the log could not be read', '? 1 ~ 2', [2], []],
    ])('%s', (_, steps, told, answers) => {
      const a = node.connect(ANN, [DEV]);
      expect(play(a, steps, where)).toEqual(answers);
      const name = where === 'room' ? 'dev' : '@ben';
      expect(a.told).toEqual(told.map((seq) => `${name} ${seq}`));
    });
  });

  it('is told nothing of the time before its person came, of which a late node hears only now', async () => {
    node = new HandNode({ isLate: true });
    await node.start();
    await node.open(DEV);
    const a = node.connect(ANN, [DEV]);
    const b = node.connect(BEN, [DEV]);
    node.hub.leave(b.connection);
    node.hub.join(b.connection, DEV, 3);
    for (let i = 0; i < 4; i++) node.say(CAT, DEV);
    endTurn();
    expect(a.told).toEqual(['dev 1', 'dev 2', 'dev 3', 'dev 4']);
    expect(b.told).toEqual(['dev 3', 'dev 4']);
  });

  it('is not let into a room by its release', () => {
    const a = node.connect(ANN, [OPS]);
    expect(play(a, '? 1 :1 2', 'room')).toEqual([true]);
    expect(a.told).toEqual([]);
  });
});

describe('The latest events of a room', () => {
  it('are in memory once they have come live, and are told nobody again who was sent them', () => {
    const [a, b] = [node.connect(ANN, [DEV]), node.connect(BEN, [DEV])];
    for (let i = 0; i < 3; i++) node.say(CAT, DEV);
    expect(node.hub.recentAfter(DEV, 1)).toHaveLength(2);
    node.hub.passOver(a.connection, DEV);
    node.say(CAT, DEV);
    node.hub.flushPending();
    expect(a.told).toEqual(['dev 4']);
    expect(b.told).toEqual(['dev 1', 'dev 2', 'dev 3', 'dev 4']);
  });

  it('are asked of the store where they came before the room was opened, or nobody opened it', async () => {
    const room = roomKey('old');
    node.log.say(CAT, room);
    expect(node.hub.recentAfter(room, 0)).toBeNull();
    await node.open(room);
    node.say(CAT, room);
    expect(node.hub.recentAfter(room, 0)).toBeNull();
    expect(node.hub.recentAfter(room, 1)).toHaveLength(1);
    expect(node.channels.heads([room, DEV])).toEqual({ old: 2, dev: 0 });
  });
});
