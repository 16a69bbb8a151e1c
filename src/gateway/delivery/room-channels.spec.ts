import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandNode } from '../../../test/support/hand-node.js';
import { roomKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';

const CAT = { id: 'cat', username: 'cat' };
const DEV = roomKey('dev');
const OPS = roomKey('ops');

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
