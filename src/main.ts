import { setImmediate as nextTurn } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { createApp, listen } from './bootstrap.js';
import { readEnvFile } from './config/env-file.js';
import { loadSettings, SettingsError } from './config/load.js';
import { nearMisses } from './config/near-misses.js';
import { StartFailure } from './kernel/start-failure.js';
import { loggerFor } from './operations/logger.js';
import { onStopWanted } from './stop-signals.js';

void start();

/** Never rejects: whatever keeps the service from starting is told, and ends the process. */
async function start(): Promise<void> {
  try {
    readEnvFile();
    const settings = loadSettings(process.env);
    const logger = loggerFor(settings);
    // Before the stream's own listener, which then writes the rest.
    process.prependOnceListener('exit', logger.tellDropped);
    for (const [name, meant] of nearMisses(process.env)) {
      logger.warn({ event: 'not-a-setting', message: `${name}: did you mean ${meant}?` });
    }
    const app = await createApp(settings, logger);
    const url = await listen(app, settings);
    onStopWanted(() => {
      stopInOrder(app);
    });
    // The start's log lines are written before anybody learns that it is complete.
    await nextTurn();
    process.stdout.write(`Parley is ready at ${url}\n`);
  } catch (error) {
    process.stderr.write(`${tell(error)}\n`);
    process.exit(1);
  }
}

function tell(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  const text = error instanceof StartFailure ? error.message : String(error);
  return `Parley could not start: ${text.replaceAll(/\s+/g, ' ').trim()}`;
}

/** Drains, and exits with 0. */
function stopInOrder(app: INestApplication): void {
  app.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`Parley did not stop cleanly: ${String(error)}\n`);
      process.exit(1);
    },
  );
}
