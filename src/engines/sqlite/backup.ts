import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvFile } from '../../config/env-file.js';
import { loadSettings } from '../../config/load.js';
import { openDatabase } from './drivers/choose-driver.js';

/** A program of its own, also for a running service: copies the database as it is now. */
try {
  const [, , target] = process.argv;
  if (target === undefined) throw new Error('Say which file the backup is to be');
  readEnvFile();
  const source = join(loadSettings(process.env).dataDir, 'parley.db');
  mkdirSync(dirname(target), { recursive: true });
  const database = openDatabase(source, { readonly: true });
  database.prepare('vacuum into ?').run(target);
  database.close();
  process.stdout.write(`${source} as it is now is in ${target}\n`);
} catch (error) {
  process.stderr.write(
    `No backup was made: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
