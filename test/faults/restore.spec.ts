import { afterEach, describe, expect, it } from '@jest/globals';
import { ChatClient, keep, RestClient, TokenSession } from '@parley/client';
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { until } from '../support/bounded.js';
import { enter, guest, join as rejoin } from '../support/people.js';
import { startService, temporaryFolder } from '../support/service.js';
import { Ledger } from './ledger.js';

const BACKUP = fileURLToPath(new URL('../../scripts/backup.mjs', import.meta.url));
const goodbyes: (() => void)[] = [];

afterEach(() => {
  for (const sayGoodbye of goodbyes.splice(0)) sayGoodbye();
});

describe('a service that was restored from an older backup', () => {
  it('is noticed by a client that had more, which goes on with what is new', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const ledger = new Ledger(ann, 'ann');
    const rest = new RestClient(service.url);
    const tokens = { ...(await guest(service, 'bob')), token_type: 'Bearer' as const };
    const session = new TokenSession(rest, keep(tokens));
    const client = new ChatClient({
      rest,
      session,
      openSocket: (url) => new WebSocket(url),
      backoff: { base: 50 },
    });
    goodbyes.push(() => {
      client.disconnect();
      session.stop();
    });
    const heard: string[] = [];
    client.events.on('message', ({ frame }) => heard.push(frame.data));
    client.events.on('reset', ({ conversation, head }) => {
      // As the page does: what it shows is worth nothing, and is read again. What is above comes live.
      heard.length = 0;
      void session
        .authorized((token) => rest.page(token, conversation, { after: 0, limit: 100 }))
        .then(({ items }) => {
          const missed = items.filter(({ seq }) => seq <= head);
          heard.unshift(...missed.map(({ data }) => data));
        });
    });
    client.connect();
    const isOnline = async () => Promise.resolve(client.state.name === 'online' || null);
    await until(isOnline, 'the client to be online', () => client.state.name);

    await ledger.say(3);
    const backup = join(temporaryFolder('backup'), 'parley.db');
    execFileSync(process.execPath, [BACKUP, backup], {
      env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: service.dataDir },
    });
    await ledger.say(4);
    const hasAll = async () => Promise.resolve(client.position('lobby') === 7 || null);
    await until(hasAll, 'seven messages', () => heard.join());

    await service.stop();
    const file = join(service.dataDir, 'parley.db');
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    copyFileSync(backup, file);
    await service.start();
    client.nudge();
    const after = await rejoin(service, ann.tokens);
    after.send({ type: 2, data: 'number four again', ref: 'again' });
    expect(await after.next({ type: 6 })).toMatchObject({ seq: 4 });
    const hasNew = async () => Promise.resolve(heard.includes('number four again') || null);
    await until(hasNew, 'the new message', () => heard.join());
    after.send({ type: 2, data: 'number five again', ref: 'once more' });
    const kept = [...ledger.said.values()].slice(0, 3);
    const all = [...kept, 'number four again', 'number five again'];
    const isComplete = async () => Promise.resolve(all.every((one) => heard.includes(one)) || null);
    await until(isComplete, 'the next message, and those before', () => heard.join());
    expect(heard).toEqual(all);
  });
});
