import { setImmediate as nextTurn } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { createApp, listen } from './bootstrap.js';
import { readEnvFile } from './config/env-file.js';
import { loadSettings, SettingsError } from './config/load.js';
import { onStopWanted } from './stop-signals.js';

try {
  readEnvFile();
  const settings = loadSettings(process.env);
  const app = await createApp(settings);
  const url = await listen(app, settings);
  onStopWanted(() => {
    stopInOrder(app);
  });
  // The lines of the start are in the log before anybody hears that it is over.
  await nextTurn();
  process.stdout.write(`Parley is ready at ${url}\n`);
} catch (error) {
  const known = error instanceof SettingsError;
  process.stderr.write(`${known ? error.message : `Parley could not start: ${String(error)}`}\n`);
  process.exit(1);
}

/** Drains, and ends with 0. */
function stopInOrder(app: INestApplication): void {
  app.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`Parley did not stop cleanly: ${String(error)}\n`);
      process.exit(1);
    },
  );
}
