import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { LogFollower } from '../../src/chat/feed/log-follower.js';
import { loadSettings } from '../../src/config/load.js';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import { PostgresDatabase } from '../../src/engines/postgres/postgres-database.js';
import { PostgresEventLog } from '../../src/engines/postgres/postgres-event-log.js';
import { PostgresFollowerCursors } from '../../src/engines/postgres/postgres-follower-cursors.js';
import { SqliteDatabase } from '../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../src/engines/sqlite/sqlite-event-log.js';
import { SqliteFollowerCursors } from '../../src/engines/sqlite/sqlite-follower-cursors.js';
import { pendingDirectsOf } from '../../src/engines/sqlite/sqlite-mark-store.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { newId } from './people.js';

/**
 * A program of its own: follows the log of a database, which is its first argument (a folder, or an
 * address), under the name that is the second, and prints each conversation and number that it has
 * handled, as a JSON list per line.
 */
const STDOUT = 1;
const [, , place = '', name = ''] = process.argv;

// What is printed is for who reads the lines.
Logger.overrideLogger(false);

async function stores() {
  if (place.startsWith('postgres')) {
    const database = new PostgresDatabase({ ...loadSettings({}), databaseUrl: place });
    await database.open();
    return {
      log: new PostgresEventLog(database),
      cursors: new PostgresFollowerCursors(database.queries),
    };
  }
  const database = new SqliteDatabase(place);
  await database.open();
  return {
    log: new SqliteEventLog(database, pendingDirectsOf(database)),
    cursors: new SqliteFollowerCursors(database),
  };
}

const follower = new LogFollower(
  {
    ...(await stores()),
    ...{ bus: new MemoryMessageBus(), clock: new SystemClock(), scheduler: new SystemScheduler() },
  },
  {
    name,
    batch: 5,
    handle: async (events) => {
      await nextTurn();
      // At once and whole: what stands in a buffer when the kill comes is lost.
      for (const { conversation, seq } of events) {
        writeSync(STDOUT, `${JSON.stringify([conversation, seq])}\n`);
      }
    },
  },
  newId(),
);
follower.start();
// The follower's timers keep no process alive.
setInterval(() => undefined, 60_000);
