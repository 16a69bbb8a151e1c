import { writeSync } from 'node:fs';
import { SqliteDatabase } from '../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../src/engines/sqlite/sqlite-event-log.js';
import { pendingDirectsOf } from '../../src/engines/sqlite/sqlite-mark-store.js';
import { SqlUserStore } from '../../src/engines/sql/sql-user-store.js';
import { many } from './drafts.js';
import { account } from './people.js';

/**
 * A program of its own: appends batch after batch to the database in the folder that is its
 * argument, and prints the refs of each batch when it is acknowledged, as a JSON list per line.
 */
const STDOUT = 1;

const database = new SqliteDatabase(process.argv[2] ?? '');
await database.open();
const author = account(`author ${process.pid}`);
await new SqlUserStore(database.queries).create(author);
const log = new SqliteEventLog(database, pendingDirectsOf(database));

async function appendForever(lane: number): Promise<never> {
  for (let batch = 0; ; batch++) {
    const drafts = many(author, 20).map((draft, index) => ({
      ...draft,
      ref: `${process.pid}-${lane}-${batch}-${index}`,
    }));
    await log.append(drafts);
    // At once and whole: what stands in a buffer when the kill comes is lost.
    writeSync(STDOUT, `${JSON.stringify(drafts.map((draft) => draft.ref))}\n`);
  }
}

await Promise.all([0, 1, 2].map(appendForever));
