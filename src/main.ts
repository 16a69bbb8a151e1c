import { createApp, listen } from './bootstrap.js';
import { readEnvFile } from './config/env-file.js';
import { loadSettings, SettingsError } from './config/load.js';

try {
  readEnvFile();
  const settings = loadSettings(process.env);
  const app = await createApp(settings);
  const url = await listen(app, settings);
  process.stdout.write(`Parley is ready at ${url}\n`);
} catch (error) {
  const known = error instanceof SettingsError;
  process.stderr.write(`${known ? error.message : `Parley could not start: ${String(error)}`}\n`);
  process.exit(1);
}
