import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { roomKey } from '../../src/chat/conversations/key.js';
import type { Draft } from '../../src/chat/log/event.js';
import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';
import type { SqliteConnection } from '../../src/engines/sqlite/drivers/sqlite-driver.js';
import { SqliteDatabase } from '../../src/engines/sqlite/sqlite-database.js';
import { SqliteEventLog } from '../../src/engines/sqlite/sqlite-event-log.js';
import { pendingDirectsOf } from '../../src/engines/sqlite/sqlite-mark-store.js';
import { SqlUserStore } from '../../src/engines/sql/sql-user-store.js';
import { TEMPORARY } from './temporary.js';

export const ALICE = { id: '01ALICE', username: 'Alice' };
export const LOBBY = roomKey('lobby');

let lastId = 0;

/** Something that Alice says in the lobby. */
export function draft(text = 'hello'): Draft {
  lastId += 1;
  return {
    conversation: LOBBY,
    id: `id ${lastId}`,
    time: 1_790_000_000_000,
    author: ALICE,
    to: null,
    kind: 'message',
    target: null,
    body: text,
    counts: true,
    ref: `ref ${lastId}`,
  };
}

/** An embedded database in a folder of its own, in which Alice has an account. */
export class SqliteStage {
  readonly folder = mkdtempSync(join(TEMPORARY, 'parley-'));
  private opened = new SqliteDatabase(this.folder);
  private log = new SqliteEventLog(this.opened, pendingDirectsOf(this.opened));

  get database(): SqliteDatabase {
    return this.opened;
  }

  get store(): SqliteEventLog {
    return this.log;
  }

  async open(): Promise<void> {
    await this.opened.open();
    await new SqlUserStore(this.opened.queries).create({
      ...ALICE,
      ...{ canonicalName: 'alice', skeleton: 'alice', passwordHash: null, createdAt: 0 },
    });
  }

  /** Opens the same folder again, which must have been closed. */
  async reopen(): Promise<void> {
    this.opened = new SqliteDatabase(this.folder);
    this.log = new SqliteEventLog(this.opened, pendingDirectsOf(this.opened));
    await this.opened.open();
  }

  async texts(): Promise<string[]> {
    return (await this.log.page(LOBBY, { limit: 1_000 })).map((event) => event.body);
  }

  /** Another program with the file open. */
  stranger(): SqliteConnection {
    return openDatabase(join(this.folder, 'parley.db'));
  }

  async close(): Promise<void> {
    await this.opened.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** @returns the stage of the test that runs: a new one for each, and nothing is logged */
export function sqliteForEach(): () => SqliteStage {
  let stage: SqliteStage;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    stage = new SqliteStage();
    await stage.open();
  });
  afterEach(async () => {
    await stage.close();
    Logger.overrideLogger(true);
  });
  return () => stage;
}
