import { expect, it } from '@jest/globals';
import { roomKey } from '../../../src/chat/conversations/key.js';
import { SqliteDatabase } from '../../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../../src/engines/sqlite/sqlite-event-log.js';
import { pendingDirectsOf } from '../../../src/engines/sqlite/sqlite-mark-store.js';
import { SqlUserStore } from '../../../src/engines/sql/sql-user-store.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import { residentBytes, SAME_HEAP } from '../../support/memory.js';
import { guest } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import { startService, temporaryFolder } from '../../support/service.js';
import { get } from '../../api/history/library.js';

const MESSAGES = 200_000;
const BATCH = 2_000;
const TEXT = 'the quick brown fox jumps over the lazy dog '.repeat(5);
/** What lets the heaps of a young process grow to their working size. */
const WARMING_BYTES = 10 * 1024 * 1024;
const MOST_GROWTH = 30 * 1024 * 1024;

/** A data folder whose lobby holds so many messages. */
async function fill(count: number): Promise<string> {
  const dataDir = temporaryFolder();
  const database = new SqliteDatabase(dataDir);
  await database.open();
  const author = { id: 'author', username: 'author' };
  const names = { canonicalName: 'author', skeleton: 'author' };
  const account = { ...author, ...names, passwordHash: null, createdAt: 0 };
  await new SqlUserStore(database.queries).create(account);
  const store = new SqliteEventLog(database, pendingDirectsOf(database));
  const ids = new UlidFactory();
  for (let at = 0; at < count; at += BATCH) {
    await store.append(
      Array.from({ length: Math.min(BATCH, count - at) }, () => ({
        conversation: roomKey('lobby'),
        id: ids.next(Date.now()),
        time: Date.now(),
        author,
        to: null,
        kind: 'message',
        target: null,
        body: TEXT,
        counts: true,
        ref: null,
      })),
    );
  }
  await database.close();
  return dataDir;
}

/** Reads so much of an answer, and goes away. */
async function readSome({ body }: Response, enough: number): Promise<void> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes >= enough) return;
  }
}

describeWith('linux', 'the memory of an export', () => {
  it('does not grow with the room', async () => {
    const service = await startService({
      dataDir: await fill(MESSAGES),
      // What is measured is the export, not the index of messages that would be made meanwhile.
      env: { ...SAME_HEAP, SEARCH: 'false' },
    });
    const reader = await guest(service);
    await readSome(await get(service, '/rooms/lobby/export', reader), WARMING_BYTES);
    const before = residentBytes(service.pid);
    let most = before;
    let bytes = 0;
    const response = await get(service, '/rooms/lobby/export', reader);
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).byteLength;
      most = Math.max(most, residentBytes(service.pid));
    }
    process.stderr.write(
      `export of ${MESSAGES} messages: ${megabytes(bytes)} sent, ` +
        `resident memory ${megabytes(before)}, ${megabytes(most - before)} more at most\n`,
    );
    expect(bytes).toBeGreaterThan(MESSAGES * TEXT.length);
    expect(most - before).toBeLessThan(MOST_GROWTH);
  }, 300_000);
});

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
