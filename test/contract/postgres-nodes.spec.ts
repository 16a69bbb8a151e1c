import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { type ConversationKey, directKey, roomKey } from '../../src/chat/conversations/key.js';
import type { Draft } from '../../src/chat/log/event.js';
import type { Appended } from '../../src/chat/log/event-log.js';
import type { Person } from '../../src/kernel/person.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { everything, many, oneTo, ROOM, say, seqOf, whisper } from './drafts.js';
import { PASSWORD_HASH, join } from './people.js';
import { PostgresEngine } from './postgres-engine.js';

const NODES = 4;

describeWith('postgresql', 'Several nodes on one PostgreSQL', () => {
  let nodes: PostgresEngine[];
  let alice: Person;
  let bob: Person;

  beforeEach(async () => {
    const url = await freshDatabase();
    // All at once: the first to come makes the tables.
    nodes = await Promise.all(oneTo(NODES).map(() => PostgresEngine.over(url)));
    [alice, bob] = [await join(first(), 'Alice'), await join(first(), 'Bob')];
  });

  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.dispose()));
  });

  function first(): PostgresEngine {
    const [node] = nodes;
    if (node === undefined) throw new Error('there is no node');
    return node;
  }

  /** The same at once through every node. */
  async function appendEverywhere(batch: (node: number) => readonly Draft[]): Promise<Appended[]> {
    const appended = await Promise.all(nodes.map((node, index) => node.log.append(batch(index))));
    return appended.flat();
  }

  it('number a room together, without a gap and without a number twice', async () => {
    const appended = await Promise.all(
      nodes.flatMap((node) => oneTo(15).map(() => node.log.append(many(alice, 10)))),
    );
    const seqs = appended.map((batch) => batch.map(seqOf));
    expect(seqs.flat().sort((one, other) => one - other)).toEqual(oneTo(NODES * 150));
    for (const batch of seqs) expect(batch).toEqual(oneTo(10).map((n) => n + (batch[0] ?? 0) - 1));
    const events = await everything(first().log);
    expect(events.map((event) => event.seq)).toEqual(oneTo(NODES * 150));
  });

  it('never show a number before the ones below it', async () => {
    const [reader, ...writers] = nodes;
    const total = writers.length * 200;
    const written = writers.map(async (node) => {
      for (let batch = 0; batch < 40; batch++) await node.log.append(many(bob, 5));
    });
    const seen: number[] = [];
    const readOn = async () => {
      const page = await reader?.log.page(ROOM, { after: seen.length, limit: 1_000 });
      seen.push(...(page ?? []).map((event) => event.seq));
    };
    while (seen.length < total) await readOn();
    await Promise.all(written);
    expect(seen).toEqual(oneTo(total));
  });

  it('store one of what all send at once under one ref, and give all its place', async () => {
    for (const ref of oneTo(20).map(String)) {
      const outcomes = await appendEverywhere(() => [say(alice, 'hello', { ref })]);
      const statuses = outcomes.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array<string>(NODES - 1).fill('duplicate'), 'stored']);
      const receipts = outcomes.map((one) => ('receipt' in one ? one.receipt : null));
      expect(new Set(receipts.map((one) => JSON.stringify(one))).size).toBe(1);
    }
    expect((await everything(first().log)).map((event) => event.seq)).toEqual(oneTo(20));
  });

  it('let the first text under a ref win', async () => {
    for (const ref of oneTo(10).map(String)) {
      const outcomes = await appendEverywhere((node) => [say(alice, `from ${node}`, { ref })]);
      const statuses = outcomes.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array<string>(NODES - 1).fill('conflict'), 'stored']);
    }
  });

  it('let the first conversation of a ref win, and number the others without a gap', async () => {
    for (const ref of oneTo(10).map(String)) {
      const outcomes = await appendEverywhere((node) => [
        say(alice, 'hello', { ref, conversation: roomKey(`room ${node}`) }),
        say(bob, 'beside it', { conversation: roomKey(`room ${node}`) }),
      ]);
      const ofAlice = outcomes.filter((_, index) => index % 2 === 0);
      const statuses = ofAlice.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array<string>(NODES - 1).fill('conflict'), 'stored']);
    }
    for (const node of oneTo(NODES).map((n) => n - 1)) {
      const events = await everything(first().log, roomKey(`room ${node}`));
      expect(events.map((event) => event.seq)).toEqual(oneTo(events.length));
    }
  });

  it('begin a private conversation once when all begin it', async () => {
    const outcomes = await appendEverywhere(() => [whisper(alice, bob, 'hi')]);
    expect(outcomes.map(seqOf).sort()).toEqual(oneTo(NODES));
    expect(await first().conversations.directs(bob.id, 10)).toMatchObject([
      { conversation: directKey(alice.id, bob.id), seq: NODES, with: alice },
    ]);
  });

  it('write to many conversations in any order without getting into each other’s way', async () => {
    const rooms = oneTo(12).map((n) => roomKey(`room ${n}`));
    const orders = [rooms, [...rooms].reverse(), rooms.slice(6).concat(rooms.slice(0, 6))];
    await Promise.all(
      nodes.map(async (node, index) => {
        for (let round = 0; round < 15; round++) {
          const order = orders[(index + round) % orders.length] ?? rooms;
          await node.log.append(order.map((conversation) => say(bob, 'hi', { conversation })));
        }
      }),
    );
    for (const room of rooms) {
      expect(await everything(first().log, room)).toHaveLength(NODES * 15);
    }
    // A connection tells what it counted when it ends, at the latest.
    await Promise.all(nodes.map((node) => node.dispose()));
    const { url } = first();
    nodes = [];
    const counted = 'select deadlocks from pg_stat_database where datname = current_database()';
    expect(await ask(url, counted)).toEqual([{ deadlocks: '0' }]);
  });

  it('begin again what the server undid because two waited for each other', async () => {
    const [one, other] = [roomKey('a'), roomKey('b')];
    const batch = [one, other].map((conversation) => say(bob, 'hi', { conversation }));
    await first().log.append(batch);
    let expected = 1;
    do expected += 1;
    while (!(await isUndone(batch, [one, other], expected)));
  });

  /**
   * Another client and an append wait for each other. Each looks once, a second after it began to
   * wait, and who finds the circle gives way: where this test was late, the other client.
   * @returns whether it was the append, which stored all the same
   */
  async function isUndone(
    batch: readonly Draft[],
    [one, other]: readonly ConversationKey[],
    seq: number,
  ): Promise<boolean> {
    const stranger = new pg.Client({ connectionString: first().url });
    await stranger.connect();
    try {
      const lock = 'select id from conversations where key = $1 for update';
      await stranger.query('begin');
      await stranger.query(lock, [other]);
      const fresh = batch.map(({ conversation }) => say(bob, 'hi', { conversation }));
      const appended = first().log.append(fresh);
      const waiting = `select count(*)::int as count from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'`;
      for (let count = 0; count === 0;) {
        [{ count } = { count: 0 }] = (await stranger.query<{ count: number }>(waiting)).rows;
      }
      const gaveWay = await stranger.query(lock, [one]).then(
        () => false,
        (error: unknown) => {
          expect(error).toMatchObject({ code: '40P01' });
          return true;
        },
      );
      await stranger.query(gaveWay ? 'rollback' : 'commit');
      expect((await appended).map(seqOf)).toEqual([seq, seq]);
      return !gaveWay;
    } finally {
      await stranger.end();
    }
  }

  it('give every tab that comes at once a refresh token that works, whoever is asked [S52]', async () => {
    const [now, end] = [1_790_000_000_000, 1_790_000_100_000];
    const session = { id: 'session', userId: alice.id, createdAt: now, expiresAt: end };
    await first().sessions.create(session, 'first', PASSWORD_HASH);
    const tabs = nodes.flatMap((node, index) =>
      oneTo(5).map((n) => ({ node, hash: `tab ${index} ${n}` })),
    );
    const given = await Promise.all(
      tabs.map(({ node, hash }) => node.sessions.rotate('first', hash, end, now)),
    );
    expect(given.filter(({ status }) => status === 'rotated')).toHaveLength(1);
    expect(given.filter(({ status }) => status === 'repeated')).toHaveLength(tabs.length - 1);
    const later = await Promise.all(
      tabs.map(async ({ hash }, n) =>
        nodes[n % nodes.length]?.sessions.rotate(hash, `${hash}, next`, end, now),
      ),
    );
    expect(new Set(later.map((one) => one?.status))).toEqual(new Set(['rotated']));
  });

  it('let at most one of two win that use a token and repeat the one before it', async () => {
    const [now, end] = [1_790_000_000_000, 1_790_000_100_000];
    const [one, other] = nodes;
    for (const n of oneTo(10)) {
      const session = { id: `session ${n}`, userId: alice.id, createdAt: now, expiresAt: end };
      await first().sessions.create(session, `first ${n}`, PASSWORD_HASH);
      await first().sessions.rotate(`first ${n}`, `second ${n}`, end, now);
      const [used, repeated] = await Promise.all([
        one?.sessions.rotate(`second ${n}`, `third ${n}`, end, now),
        other?.sessions.rotate(`first ${n}`, `of a thief ${n}`, end, now),
      ]);
      // Whichever came first: the other one either came before it, or ended the session.
      expect([
        ['rotated', 'repeated'],
        ['rotated', 'reused'],
      ]).toContainEqual([used?.status, repeated?.status]);
    }
  });

  it('keep refs apart that PostgreSQL’s text cannot hold', async () => {
    const refs = [
      '\0',
      '\0\0',
      'a\0',
      'a',
      '\uD800',
      '\uD801',
      '\uFFFD',
      '\u0001',
      '\u0001"\\u0000"',
    ];
    const batch = refs.map((ref) => say(alice, 'hello', { ref }));
    const [one, other] = nodes;
    const stored = await one?.log.append(batch);
    expect(stored?.map(seqOf)).toEqual(oneTo(refs.length));
    const again = await other?.log.append(batch);
    expect(again?.map(({ status }) => status)).toEqual(refs.map(() => 'duplicate'));
    expect(again?.map(seqOf)).toEqual(oneTo(refs.length));
  });

  it('go on beside a newer version, which has changed the tables already', async () => {
    await ask(
      first().url,
      `insert into kysely_migration (name, timestamp) values ('9999-newer', '2030-01-01')`,
    );
    await first().reopen();
    expect((await first().log.append([say(alice, 'still here')])).map(seqOf)).toEqual([1]);
  });
});
