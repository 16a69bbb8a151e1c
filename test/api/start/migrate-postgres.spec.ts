import { beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ConversationKey, directKey } from '../../../src/chat/conversations/key.js';
import type { FollowerCursors } from '../../../src/chat/feed/follower-cursors.js';
import { SqliteDatabase } from '../../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../../src/engines/sqlite/sqlite-event-log.js';
import { SqliteFollowerCursors } from '../../../src/engines/sqlite/sqlite-follower-cursors.js';
import {
  pendingDirectsOf,
  SqliteMarkStore,
} from '../../../src/engines/sqlite/sqlite-mark-store.js';
import { PostgresEngine } from '../../contract/postgres-engine.js';
import { everything, many, ROOM, whisper } from '../../contract/drafts.js';
import { guest, join, refresh, type Tokens } from '../../support/people.js';
import { Caller } from '../rooms/rest.js';
import { ask, freshDatabase } from '../../support/postgres.js';
import { describeWith } from '../../support/requirements.js';
import {
  runService,
  type Service,
  startService,
  temporaryFolder,
  TEST_ENVIRONMENT,
} from '../../support/service.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/engines/transfer/main.js', import.meta.url));
const IN_ROOM = 12_345;
const JWT_SECRET = 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U';

describeWith('postgresql', 'npm run migrate:postgres', () => {
  let dataDir: string;
  let ann: Tokens;
  let bob: Tokens;

  beforeAll(async () => {
    dataDir = temporaryFolder();
    const service = await startService({ dataDir, env: { JWT_SECRET } });
    ann = await guest(service);
    bob = await guest(service, 'Боб');
    await service.stop();
    const database = new SqliteDatabase(dataDir);
    await database.open();
    const pending = pendingDirectsOf(database);
    const log = new SqliteEventLog(database, pending);
    const marks = new SqliteMarkStore(database, pending);
    const drafts = many(ann.user, IN_ROOM).map((draft, index) => ({ ...draft, ref: `${index}` }));
    await log.append(drafts);
    await log.append([
      whisper(ann.user, bob.user, '"quoted" \u2028 \\ 你好 👩‍👩‍👧‍👦'),
      whisper(bob.user, ann.user, '', { ref: 'a\0b' }),
    ]);
    const conversation = directKey(ann.user.id, bob.user.id);
    await marks.markDelivered([{ personId: bob.user.id, conversation, seq: 1 }]);
    await follow(new SqliteFollowerCursors(database));
    await database.close();
  });

  /** A follower that has the claim, and has handled a part of the room. */
  async function follow(cursors: FollowerCursors): Promise<void> {
    await cursors.register('hooks', 'first');
    const request = { follower: 'hooks', holder: 'gone', now: Date.now(), leaseMs: 15_000 };
    const claim = await cursors.claim(request);
    if (claim === null) throw new Error('the claim is not given');
    await cursors.advance(claim, [{ conversation: ROOM, from: 0, to: 9_000 }]);
  }

  interface Ending {
    readonly code: number | null;
    readonly lines: readonly string[];
    readonly errors: string;
  }

  /** @param killAt the line at which the program is killed */
  async function migrate(url: string, killAt?: RegExp, folder = dataDir): Promise<Ending> {
    const child = spawn(process.execPath, [PROGRAM], {
      cwd: temporaryFolder(),
      env: { ...TEST_ENVIRONMENT, DATA_DIR: folder, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exit = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (killAt?.test(line) === true) child.kill('SIGKILL');
    }
    await exit;
    return { code: child.exitCode, lines, errors };
  }

  /** What is in the embedded database, as the port gives it. */
  async function embedded(conversation: ConversationKey) {
    const database = new SqliteDatabase(dataDir);
    await database.open();
    const events = await everything(
      new SqliteEventLog(database, pendingDirectsOf(database)),
      conversation,
    );
    await database.close();
    return events;
  }

  it('goes on after it was killed, and brings everything over under its number and id', async () => {
    const url = await freshDatabase();
    const killed = await migrate(url, /^copied events: [5-9]\d{3} /);
    expect(killed.code).toBeNull();
    const [half] = await ask<{ count: number }>(url, 'select count(*)::int as count from events');
    expect(half?.count).toBeGreaterThanOrEqual(5_000);
    expect(half?.count).toBeLessThan(IN_ROOM);

    const early = await runService({ env: { DATABASE_URL: url } });
    expect([early.code, early.logs]).toEqual([
      1,
      expect.stringMatching(/npm run migrate:postgres/),
    ]);

    const { code, lines, errors } = await migrate(url);
    expect([code, errors]).toEqual([0, '']);
    expect(lines).toContain(`compared events: ${IN_ROOM + 2} in 2 conversations`);
    // It went on from where it was, rather than from the beginning.
    expect(lines.filter((line) => line.startsWith('copied events')).length).toBeLessThan(10);

    const node = await PostgresEngine.over(url);
    for (const conversation of [ROOM, directKey(ann.user.id, bob.user.id)]) {
      expect(await everything(node.log, conversation)).toEqual(await embedded(conversation));
    }
    expect(await node.conversations.directs(bob.user.id, 10)).toMatchObject([
      { seq: 2, delivered: 1 },
    ]);
    // Who followed before has no claim on the copy, and its cursor stands where it stood.
    const request = { follower: 'hooks', holder: 'new', now: Date.now(), leaseMs: 15_000 };
    expect(await node.cursors.claim(request)).toMatchObject({ epoch: 2 });
    expect(await node.cursors.position('hooks', ROOM)).toBe(9_000);
    const again = whisper(bob.user, ann.user, '', { ref: 'a\0b' });
    expect(await node.log.append([again])).toMatchObject([
      { status: 'duplicate', receipt: { seq: 2 } },
    ]);
    await node.dispose();
  });

  it('brings rooms, and what became of messages', async () => {
    const folder = temporaryFolder();
    const before = await startService({ dataDir: folder, env: { JWT_SECRET } });
    const owner = new Caller(before, await guest(before));
    const member = new Caller(before, await guest(before, 'member'));
    await owner.found('dev', 'private', { members: ['member'] });
    for (const message of [
      { data: 'root', mentions: ['member'] },
      { data: 'in the thread', thread: 3 },
      { data: 'to be deleted', reply: 3, ref: 'gone' },
    ]) {
      await owner.call('POST /rooms/dev/messages', message);
    }
    await owner.call('PATCH /rooms/dev/messages/3', { data: 'edited' });
    await member.call('PUT /rooms/dev/messages/3/reactions/:wave:');
    await owner.call('PUT /rooms/dev/messages/3/pin');
    await owner.call('DELETE /rooms/dev/messages/5');
    const paths = [
      ...['/rooms/dev', '/rooms/dev/members', '/rooms/dev/messages', '/rooms/dev/pins'],
      ...[
        '/rooms/dev/messages/3/thread',
        '/rooms/dev/changes?after=0',
        '/conversations',
        '/mentions',
      ],
    ];
    const read = (caller: Caller) => Promise.all(paths.map((path) => caller.call(`GET ${path}`)));
    const known = await read(member);
    expect(known.map(({ status }) => status)).toEqual(paths.map(() => 200));
    await before.stop();
    const url = await freshDatabase();
    expect((await migrate(url, undefined, folder)).code).toBe(0);
    const after = await startService({ env: { DATABASE_URL: url, JWT_SECRET } });
    expect(await read(new Caller(after, member.tokens))).toEqual(known);
    await after.stop();
  });

  it('lets a service go on where the other one ended, with its sessions and its numbers', async () => {
    const url = await freshDatabase();
    expect((await migrate(url)).code).toBe(0);
    const service: Service = await startService({ env: { DATABASE_URL: url, JWT_SECRET } });
    const socket = await join(service, await refresh(service, ann.refresh_token));
    socket.send({ type: 2, data: 'on another database', ref: 'new' });
    expect(await socket.next({ type: 6 })).toMatchObject({ ref: 'new', seq: IN_ROOM + 1 });
    const newcomer = await guest(service);
    expect(newcomer.user.username).toBe('guest-2');
    socket.send({ type: 3, to: newcomer.user.username, data: 'a new conversation', ref: 'direct' });
    expect(await socket.next({ type: 6, ref: 'direct' })).toMatchObject({ seq: 1 });
    await service.stop();

    // Later on it compares what it brought, beside what came since.
    const later = await migrate(url);
    expect([later.code, later.errors]).toEqual([0, '']);
    await ask(url, `update events set text = 'forged' where seq = 77`);
    const forged = await migrate(url);
    expect([forged.code, forged.errors]).toEqual([1, expect.stringMatching(/not like its source/)]);
  });

  it('touches no database that holds something else', async () => {
    const url = await freshDatabase();
    const node = await PostgresEngine.over(url);
    await node.users.nextGuestNumber();
    await node.dispose();
    const { code, errors } = await migrate(url);
    expect([code, errors]).toEqual([1, expect.stringMatching(/not empty/)]);
    expect(await ask(url, 'select * from users')).toEqual([]);
  });

  it('leaves the database of a running service alone, and makes none where there is none', async () => {
    const url = await freshDatabase();
    const service = await startService();
    const running = await migrate(url, undefined, service.dataDir);
    expect([running.code, running.errors]).toEqual([1, expect.stringMatching(/in use by another/)]);
    await service.stop();
    const missing = await migrate(url, undefined, temporaryFolder());
    expect([missing.code, missing.errors]).toEqual([1, expect.stringMatching(/no embedded/)]);
  });

  it('does not take a difference for a copy', async () => {
    const url = await freshDatabase();
    await migrate(url, /^copied events: [5-9]\d{3} /);
    await ask(url, `update events set text = 'forged' where seq = 77`);
    const { code, errors } = await migrate(url);
    expect([code, errors]).toEqual([1, expect.stringMatching(/not like its source/)]);
    const { logs } = await runService({ env: { DATABASE_URL: url } });
    expect(logs).toMatch(/npm run migrate:postgres/);
  });
});
