import { beforeAll, expect, it } from '@jest/globals';
import { buyTicket, enter, guest, join, logout } from '../../support/people.js';
import { freshDatabase } from '../../support/postgres.js';
import { redisPlace } from '../../support/redis.js';
import { describeWith } from '../../support/requirements.js';
import type { Service } from '../../support/service.js';
import { TurnableService } from '../../support/turnable-service.js';
import { connect } from '../../support/ws-client.js';

const NEEDS = ['linux', 'faketime', 'postgresql', 'redis-server'] as const;

describeWith(NEEDS, 'Nodes whose clocks are two minutes apart [S48]', () => {
  const clock = new TurnableService();
  let early: Service;
  let late: Service;

  beforeAll(async () => {
    const redis = await redisPlace();
    const env = {
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      JWT_SECRET: 'the nodes of one service know one secret',
    };
    [early, late] = await Promise.all([
      new TurnableService().start(env, '-60s'),
      clock.start(env, '+60s'),
    ]);
  });

  it('say so, each in one line', () => {
    for (const service of [early, late]) {
      expect(service.logs().match(/"event":"clock-off"/g)).toHaveLength(1);
    }
  });

  it.each(['the early to the late', 'the late to the early'])(
    'end a session on one for the other: from %s',
    async (way) => {
      const [one, other] = way.startsWith('the early') ? [early, late] : [late, early];
      const tokens = await guest(one);
      const socket = await join(other, tokens);
      await logout(one, tokens.access_token);
      expect((await socket.closed()).code).toBe(4409);
      const again = await connect(other.wsUrl, { token: tokens.access_token });
      expect((await again.closed()).code).toBe(4409);
    },
  );

  it('take tickets of each other, and stamp messages with one time', async () => {
    const ann = await enter(early, 'ann');
    const ben = await guest(late, 'ben');
    const benHere = await connect(early.wsUrl, { ticket: await buyTicket(late, ben.access_token) });
    const annThere = await connect(late.wsUrl, {
      ticket: await buyTicket(early, ann.tokens.access_token),
    });
    for (const socket of [benHere, annThere]) await socket.next({ type: 2, user: null });
    const times: number[] = [];
    for (const [at, socket] of [benHere, annThere, ann.socket].entries()) {
      socket.send({ type: 2, data: 'now', ref: String(at) });
      times.push(Number((await socket.next({ type: 6, ref: String(at) })).time));
    }
    for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(30_000);
  });

  it('agree after one of them jumped, too', async () => {
    clock.setBy('-2h');
    const tokens = await guest(early);
    const socket = await join(late, tokens);
    await logout(early, tokens.access_token);
    expect((await socket.closed()).code).toBe(4409);
  });
});
