import { expect, it } from '@jest/globals';
import type { EventLog } from '../../src/chat/log/event-log.js';
import { digestOf } from '../../src/engines/sql/body-digest.js';
import { SqlUserStore } from '../../src/engines/sql/sql-user-store.js';
import { SqliteDatabase } from '../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../src/engines/sqlite/sqlite-event-log.js';
import { pendingDirectsOf } from '../../src/engines/sqlite/sqlite-mark-store.js';
import type { Person } from '../../src/kernel/person.js';
import { ask } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { temporaryFolder } from '../support/service.js';
import { say } from './drafts.js';
import { account, join } from './people.js';
import { PostgresEngine } from './postgres-engine.js';

/** @param empty empties the body of the first event, and leaves this digest in its place */
async function expectRefToStand(
  log: EventLog,
  author: Person,
  empty: (digest: string) => Promise<unknown>,
): Promise<void> {
  const draft = say(author, 'to be deleted', { ref: 'r1' });
  await log.append([draft]);
  await empty(digestOf(draft));
  const nothing = say(author, '', { ref: 'r1' });
  const targeted = { ...draft, target: 1 };
  expect(await log.append([draft, nothing, targeted])).toMatchObject([
    { status: 'duplicate', receipt: { seq: 1, n: 1 } },
    { status: 'conflict' },
    { status: 'conflict' },
  ]);
}

it('The ref of a body that was emptied stands for what it was, in the embedded database', async () => {
  const database = new SqliteDatabase(temporaryFolder());
  await database.open();
  const author = account('Alice');
  await new SqlUserStore(database.queries).create(author);
  const log = new SqliteEventLog(database, pendingDirectsOf(database));
  await expectRefToStand(log, author, (digest) =>
    database.queries.updateTable('events').set({ text: '', digest }).execute(),
  );
  await database.close();
});

describeWith('postgresql', 'on PostgreSQL', () => {
  it('the ref of a body that was emptied stands for what it was', async () => {
    const engine = await PostgresEngine.open();
    const author = await join(engine, 'Alice');
    await expectRefToStand(engine.log, author, (digest) =>
      ask(engine.url, `update events set text = '', digest = '${digest}'`),
    );
    await engine.dispose();
  });
});
