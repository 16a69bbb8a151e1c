import { beforeAll, expect, it } from '@jest/globals';
import { type Cluster, CLUSTER_NEEDS, startCluster } from '../../support/cluster.js';
import { enter, guest, join, login, logout, register } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import type { Service } from '../../support/service.js';
import type { Frame } from '../../support/ws-client.js';

const MESSAGES = 60;

const said = (frame: Frame): boolean => frame.type === 2 && frame.seq !== undefined;

describeWith(CLUSTER_NEEDS, 'Three processes over PostgreSQL and Redis', () => {
  let cluster: Cluster;
  let services: readonly [Service, Service, Service];

  beforeAll(async () => {
    cluster = await startCluster({ env: { PRESENCE_GRACE: '0.1' } });
    services = cluster.nodes.map(({ service }) => service) as [Service, Service, Service];
  });

  it('are one service: who registers with one logs in on another, and is heard on all', async () => {
    const [one, two, three] = services;
    await register(one, 'ann');
    const ann = await login(two, 'ann');
    const ben = await guest(three, 'ben');
    const [annTwo, annThree, benOne] = [
      await join(two, ann),
      await join(three, ann),
      await join(one, ben),
    ];
    annTwo.send({ type: 2, data: 'to everybody', ref: 'a' });
    const { seq } = await annTwo.next({ type: 6, ref: 'a' });
    for (const socket of [annTwo, annThree, benOne]) {
      expect(await socket.next({ data: 'to everybody' })).toMatchObject({ seq, user: ann.user });
    }
    benOne.send({ type: 3, to: 'ann', data: 'to you', ref: 'b' });
    for (const socket of [annTwo, annThree]) {
      expect(await socket.next({ type: 3 })).toMatchObject({ data: 'to you', seq: 1 });
    }
    benOne.send({ type: 1, ref: 'list' });
    const list = await benOne.next({ type: 1, ref: 'list' });
    expect(JSON.parse(String(list.data))).toMatchObject([
      { username: 'ann', connections: 2 },
      { username: 'ben', connections: 1 },
    ]);
    await Promise.all([annTwo, annThree, benOne].map((socket) => socket.close()));
  });

  it('number one room without a gap while all of them write to it at once', async () => {
    const people = await Promise.all(services.map((service, at) => enter(service, `writer-${at}`)));
    for (let i = 0; i < MESSAGES; i++) {
      for (const [at, { socket }] of people.entries()) {
        socket.send({ type: 2, data: `${at} ${i}`, ref: `${at} ${i}` });
      }
    }
    const heard = await Promise.all(
      people.map(({ socket }) => socket.take(MESSAGES * people.length, said)),
    );
    const [first = []] = heard;
    const begin = first[0]?.seq ?? 0;
    expect(first.map(({ seq }) => seq)).toEqual(first.map((_, at) => begin + at));
    for (const frames of heard) {
      expect(frames.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    }
    for (const [at] of people.entries()) {
      const own = first.filter(({ data }) => String(data).startsWith(`${at} `));
      expect(own.map(({ data }) => data)).toEqual(own.map((_, i) => `${at} ${i}`));
    }
    await Promise.all(people.map(({ socket }) => socket.close()));
  });

  it('end a session everywhere when it ends on one of them [S7]', async () => {
    const [one, two, three] = services;
    const cleo = await guest(one, 'cleo');
    const sockets = [await join(two, cleo), await join(three, cleo)];
    await logout(one, cleo.access_token);
    for (const socket of sockets) expect((await socket.closed()).code).toBe(4409);
  });
});
