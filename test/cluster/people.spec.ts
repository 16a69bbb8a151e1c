import { beforeAll, expect, it } from '@jest/globals';
import { enter, guest, join, login, register } from '../support/people.js';
import { redisPlace, type RedisPlace, startRedis } from '../support/redis.js';
import { until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { type Node, SharedStore, startNode } from '../support/nodes.js';
import { type Frame, refusal } from '../support/ws-client.js';

function names(frame: Frame): readonly string[] {
  const list = JSON.parse(String(frame.data)) as { username: string; connections: number }[];
  return list.map(({ username, connections }) => `${username} ${connections}`).sort();
}

async function twoNodes(
  place: RedisPlace,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly [Node, Node]> {
  const store = await SharedStore.open();
  return [await startNode(store, place, env), await startNode(store, place, env)];
}

describeWith('redis-server', 'People on two nodes', () => {
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    [here, there] = await twoNodes(await redisPlace(), { PRESENCE_GRACE: '0.1' });
  });

  it('see each other come and go, once, and in one list', async () => {
    const ann = await enter(here, 'ann');
    const ben = await enter(there, 'ben');
    await ann.socket.next({ type: 4, user: ben.tokens.user });
    const second = await join(here, ben.tokens);
    ann.socket.send({ type: 1, ref: 'list' });
    expect(names(await ann.socket.next({ type: 1, ref: 'list' }))).toEqual(['ann 1', 'ben 2']);
    await ben.socket.close();
    await second.close();
    await ann.socket.next({ type: 5, user: ben.tokens.user });
    const about = ann.socket.frames.filter((frame) => frame.user?.id === ben.tokens.user.id);
    expect(about.map((frame) => frame.type)).toEqual([4, 5]);
  });
});

describeWith('redis-server', 'Limits over two nodes', () => {
  it('bound what one person says on both of them together', async () => {
    const [here, there] = await twoNodes(await redisPlace(), { MESSAGE_RATE: '2' });
    const tokens = await guest(here, 'ann');
    const sockets = [await join(here, tokens), await join(there, tokens)] as const;
    // Two buckets of four, and more than enough to empty both.
    for (let i = 0; i < 24; i++) {
      for (const [at, socket] of sockets.entries()) {
        socket.send({ type: 2, data: 'x', ref: `${at} ${i}` });
        await socket.next((frame) => frame.ref === `${at} ${i}`);
      }
    }
    // One node alone would let two more through within a second.
    const debts = await Promise.all(
      sockets.map(async (socket) => {
        socket.send({ type: 2, data: 'x', ref: 'last' });
        return socket.next((frame) => frame.ref === 'last');
      }),
    );
    expect(debts.map((frame) => frame.code)).toEqual(['rate-limited', 'rate-limited']);
  });

  it('bound what the commands of one person cost on both of them together', async () => {
    const [here, there] = await twoNodes(await redisPlace(), { COMMAND_RATE: '2' });
    const tokens = await guest(here, 'ann');
    const sockets = [await join(here, tokens), await join(there, tokens)] as const;
    const ask = async (at: 0 | 1, ref: string): Promise<string | undefined> => {
      sockets[at].send({ type: 8, data: {}, ref });
      return (await sockets[at].next((frame) => frame.ref === ref)).code;
    };
    // Two buckets of ten units, and more than enough Syncs of two to empty both.
    for (let i = 0; i < 12; i++) for (const at of [0, 1] as const) await ask(at, `${i}`);
    // One node alone would let one more through within a second.
    expect([await ask(0, 'last'), await ask(1, 'last')]).toEqual(['rate-limited', 'rate-limited']);
  });

  it('bound the sockets of a person, wherever they are', async () => {
    const env = { MAX_CONNECTIONS_PER_USER: '3' };
    const [here, there] = await twoNodes(await redisPlace(), env);
    const tokens = await guest(here, 'ann');
    for (let i = 0; i < 3; i++) await join(here, tokens);
    let answer = 0;
    while (answer !== 429) {
      try {
        const socket = await join(there, tokens);
        await socket.close();
      } catch {
        answer = (await refusal(there.wsUrl, { token: tokens.access_token })).status;
      }
    }
    expect(answer).toBe(429);
  });

  it('count wrong passwords on both nodes, and spare the owner where they were before', async () => {
    const [here, there] = await twoNodes(await redisPlace());
    await register(here, 'ann', 'a long enough password');
    for (let i = 0; i < 10; i++) {
      await expect(login(here, 'ann', `wrong password ${i}`)).rejects.toThrow(/answered 401/);
    }
    const knock = async (): Promise<string> => {
      try {
        await login(there, 'ann', 'a long enough password');
        return 'in';
      } catch (error) {
        return String(error);
      }
    };
    // A right password at once would clear the count, so only wrong ones knock.
    let refused = '';
    while (!refused.includes('429')) {
      refused = await login(there, 'ann', 'wrong again').then(
        () => 'in',
        (error: unknown) => String(error),
      );
    }
    expect(await knock()).toContain('429');
  });

  it('are each node’s own while Redis is away, and nobody waits', async () => {
    const redis = await startRedis();
    const [here] = await twoNodes({ url: redis.url, prefix: 'alone' }, { MESSAGE_RATE: '1' });
    await redis.kill();
    await until(here.link, false);
    const { socket } = await enter(here, 'ann');
    // At once: a bucket of two has another one after a second.
    for (const ref of ['one', 'two', 'one too many']) socket.send({ type: 2, data: 'x', ref });
    for (const ref of ['one', 'two']) await socket.next({ type: 6, ref });
    await socket.next({ type: 7, ref: 'one too many', code: 'rate-limited' });
  });
});
