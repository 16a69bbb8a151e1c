// Appends batches to the lobby, one after the other, with the service's own code.
import { Logger } from '@nestjs/common';
import { loadSettings } from '../../dist/config/load.js';
import { PostgresDatabase } from '../../dist/engines/postgres/postgres-database.js';
import { SqlUserStore } from '../../dist/engines/sql/sql-user-store.js';
import { probe } from './probe.mjs';

const size = Number(process.argv[2]);
const text = 'x'.repeat(200);
const author = { id: '01PROBE', username: 'probe' };
let made = 0;

Logger.overrideLogger(false);
const settings = loadSettings({ NODE_ENV: 'test', DATABASE_URL: process.env.DATABASE_URL });
const database = new PostgresDatabase(settings);
await database.open();
await new SqlUserStore(database.queries).create({
  ...author,
  canonicalName: 'probe',
  skeleton: 'probe',
  passwordHash: null,
  createdAt: 0,
});

const draft = () => {
  const number = String(made++).padStart(22, '0');
  return {
    conversation: 'room:lobby',
    id: `01JD${number}`,
    time: Date.now(),
    author,
    to: null,
    kind: 'message',
    target: null,
    body: text,
    counts: true,
    ref: number,
  };
};

await probe(async () => {
  await database.appender.append(Array.from({ length: size }, draft));
  return size;
});
