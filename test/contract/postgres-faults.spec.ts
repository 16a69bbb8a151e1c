import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Draft } from '../../src/chat/log/event.js';
import type { Appended } from '../../src/chat/log/event-log.js';
import type { Person } from '../../src/kernel/person.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { everything, many, oneTo, ROOM, say, seqOf } from './drafts.js';
import { join } from './people.js';
import { PostgresEngine } from './postgres-engine.js';

describeWith('postgresql of its own', 'The stores on PostgreSQL, when it fails', () => {
  // As somebody may have set it: an answer before the disk has it, and ten seconds until then.
  const server = new PostgresServer([
    ...['-c', 'synchronous_commit=off'],
    ...['-c', 'wal_writer_delay=10s'],
  ]);
  let node: PostgresEngine;
  let proxy: TcpProxy;
  let alice: Person;

  beforeAll(() => server.start());

  beforeEach(async () => {
    const url = new URL(await server.createDatabase());
    proxy = await startProxy(server.port);
    url.port = String(proxy.port);
    node = await PostgresEngine.over(url.href, {
      DATABASE_CONNECT_TIMEOUT: '1',
      DATABASE_STATEMENT_TIMEOUT: '1',
    });
    alice = await join(node, 'Alice');
  });

  afterEach(async () => {
    await node.dispose();
    await proxy.close();
  });

  function spare(): void {
    proxy.cutAfter(Infinity, 'up');
    proxy.cutAfter(Infinity, 'down');
  }

  /** Sends it again until it is answered, as a client does. */
  async function insist(batch: readonly Draft[]): Promise<readonly Appended[]> {
    for (;;) {
      try {
        return await node.log.append(batch);
      } catch (error) {
        if (!(error instanceof Refusal) || !error.retryable) throw error;
        await new Promise(setImmediate);
      }
    }
  }

  it('have everything that was acknowledged after it was killed, once and without a gap', async () => {
    const acknowledged = new Map<string, number>();
    let talking = true;
    const lanes = oneTo(3).map(async (lane) => {
      for (let round = 0; talking; round++) {
        const batch = many(alice, 5).map((draft, index) => ({
          ...draft,
          ref: `${lane}-${round}-${index}`,
        }));
        const appended = await insist(batch);
        batch.forEach(({ ref, id }, index) => {
          const one = appended[index];
          expect(one?.status).not.toBe('conflict');
          if (one?.status === 'stored') expect(one.receipt.id).toBe(id);
          acknowledged.set(ref, seqOf(one));
        });
      }
    });
    for (const enough of [50, 200, 400]) {
      while (acknowledged.size < enough) await new Promise(setImmediate);
      await server.kill();
      await server.start();
    }
    talking = false;
    await Promise.all(lanes);
    const events = await everything(node.log);
    expect(events.map((event) => event.seq)).toEqual(oneTo(events.length));
    // Every batch was sent again until it was acknowledged.
    expect([...acknowledged.values()].sort((a, b) => a - b)).toEqual(oneTo(events.length));
  });

  it('store a batch once, and say so, wherever in its transaction the connection is cut', async () => {
    const texts: string[] = [];
    for (const direction of ['up', 'down'] as const) {
      for (let bytes = 1; bytes < 1_600; bytes += 29) {
        // The cut before this one may have come behind the answer, or be still to come.
        spare();
        await insist([say(alice, 'connected', { ref: `${direction} ${bytes}` })]);
        // Without refs: the store alone can know whether these are there.
        const batch = [
          say(alice, `${direction} ${bytes} a`),
          say(alice, `${direction} ${bytes} b`),
        ];
        proxy.cutAfter(bytes, direction);
        const appended = await node.log.append(batch);
        expect(appended.map(seqOf)).toEqual([texts.length + 2, texts.length + 3]);
        texts.push('connected', ...batch.map(({ body }) => body));
      }
    }
    spare();
    expect((await everything(node.log)).map((event) => event.body)).toEqual(texts);
  });

  it('refuse for now while nothing comes through, and go on when it does', async () => {
    await node.log.append([say(alice, 'before')]);
    proxy.freeze();
    const draft = say(alice, 'meanwhile', { ref: 'r' });
    await expect(node.log.append([draft])).rejects.toMatchObject({
      code: 'store-unavailable',
      retryable: true,
    });
    await expect(node.log.page(ROOM, { limit: 1 })).rejects.toBeInstanceOf(Refusal);
    proxy.thaw();
    expect((await insist([draft])).map(seqOf)).toEqual([2]);
    expect((await everything(node.log)).map(({ body }) => body)).toEqual(['before', 'meanwhile']);
  });

  it('refuse at once while it is gone, and go on when it is back', async () => {
    await server.kill();
    try {
      await expect(node.log.append([say(alice, 'lost')])).rejects.toMatchObject({
        code: 'store-unavailable',
        retryable: true,
      });
      await expect(node.users.nextGuestNumber()).rejects.toBeInstanceOf(Refusal);
    } finally {
      await server.start();
    }
    expect((await insist([say(alice, 'back')])).map(seqOf)).toEqual([1]);
    expect(await node.users.nextGuestNumber()).toBe(1);
  });
});
