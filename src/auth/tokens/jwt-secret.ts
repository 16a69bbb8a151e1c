import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../config/settings.js';
import { randomSecret } from '../../kernel/ids.js';
import { folderFailure, StartFailure, systemCodeOf } from '../../kernel/start-failure.js';

const FILE_NAME = 'jwt-secret';
const MADE_SECRET = /^[\w-]{43}$/;
const FOR_OTHERS = 0o077;

/**
 * The secret that signs access tokens: the one of the settings, or one that is generated once and
 * kept in the data folder, readable by its owner alone. However many starts race, all get the same
 * one.
 * @throws StartFailure where the file does not hold such a secret, or cannot be made
 */
export async function loadJwtSecret(
  settings: Pick<Settings, 'jwtSecret' | 'dataDir'>,
): Promise<string> {
  if (settings.jwtSecret !== null) return settings.jwtSecret;
  const file = join(settings.dataDir, FILE_NAME);
  try {
    await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
    return (await readSecret(file)) ?? (await makeSecret(file));
  } catch (error) {
    throw folderFailure(error, settings.dataDir, 'DATA_DIR');
  }
}

async function readSecret(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (!MADE_SECRET.test(secret)) {
      throw new StartFailure(`${file} is damaged: remove it, and everybody logs in anew`);
    }
    const { mode } = await stat(file);
    if ((mode & FOR_OTHERS) !== 0) await chmod(file, 0o600);
    return secret;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Written whole under a temporary name first; a link, unlike a rename, never replaces a file. */
async function makeSecret(file: string): Promise<string> {
  const draft = `${file}.${randomSecret()}.tmp`;
  try {
    await writeDurably(draft, randomSecret());
    await link(draft, file);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const secret = await readSecret(file);
  if (secret === null) throw new Error(`${FILE_NAME} in DATA_DIR went away while it was made`);
  return secret;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isSystemError(error: unknown, code: string): boolean {
  return systemCodeOf(error) === code;
}
