import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandNode } from '../../../test/support/hand-node.js';
import { roomKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { newJoin } from '../../chat/messages/kinds/join.js';

const CAT = { id: 'cat', username: 'cat' };
const DEV = roomKey('dev');
const OPS = roomKey('ops');
const JOIN = newJoin({ how: 'self', by: null, text: '' });

let node: HandNode;

beforeEach(async () => {
  node = new HandNode();
  await node.start();
});

describe('A room that a node follows', () => {
  it('is let go by the last who wanted it, and those who watch are told', async () => {
    const seen: string[] = [];
    node.channels.watch({
      openRoom: (key) => seen.push(`+${key}`),
      closeRoom: (key) => seen.push(`-${key}`),
    });
    await node.open(DEV, DEV);
    node.channels.letGo(DEV);
    expect([node.channels.isOpen(DEV), node.channels.size]).toEqual([true, 2]);
    node.channels.letGo(DEV);
    expect([node.channels.isOpen(DEV), node.channels.size]).toEqual([false, 1]);
    expect(seen).toEqual([`+${LOBBY_KEY}`, `+${DEV}`, `-${DEV}`]);
  });

  it('shares its query with all that are opened in the same turn', async () => {
    const before = node.log.asked.heads;
    await node.open(DEV, DEV, OPS);
    await node.open(DEV);
    expect(node.log.asked.heads - before).toBe(1);
  });

  it('begins at the head that the store tells', async () => {
    node.log.say(CAT, DEV);
    await node.open(DEV, OPS);
    expect(node.channels.heads([DEV, OPS, roomKey('other')])).toEqual({ dev: 1, ops: 0 });
  });

  it('counts whoever comes while it is read', async () => {
    node.stored(DEV, 1, 0);
    node.rooms.onAsked = () => {
      node.rooms.onAsked = () => undefined;
      node.say(CAT, DEV, JOIN);
      node.stored(DEV, 2, 1);
    };
    await node.soon(node.channels.keep(DEV));
    expect(node.book.room(DEV)?.members).toBe(2);
    node.say(CAT, DEV, JOIN);
    expect(node.book.room(DEV)?.members).toBe(3);
  });

  it('counts nobody twice who is in what was read, and comes live only then', async () => {
    const late = node.log.say(CAT, DEV, JOIN);
    node.stored(DEV, 2, 1);
    await node.soon(node.channels.keep(DEV));
    await node.bus.publish([{ ...late, origin: '' }]);
    expect(node.book.room(DEV)?.members).toBe(2);
  });

  it('can be opened later where the store cannot answer', async () => {
    node.log.say(CAT, DEV);
    node.log.isDown = true;
    await expect(node.open(DEV)).rejects.toThrow('on purpose');
    expect(node.channels.size).toBe(1);
    node.log.isDown = false;
    await node.open(DEV);
    expect(node.channels.heads([DEV])).toEqual({ dev: 1 });
  });
});
