import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { KEYS } from './keys.js';
import { SettingsError } from './load.js';

/** A blank line, a comment, or `KEY=value`. Quotes that open must close; what follows is a comment. */
const LINE =
  /^\s*(?:#.*|(?:export\s+)?[A-Z][A-Z0-9_]*\s*=\s*(?:(?:"[^"]*"|'[^']*'|`[^`]*`)\s*(?:#.*)?|[^"'`\s].*|))?$/;

/**
 * Adds to the environment what a file like `.env.example` says. The environment wins where both
 * have a key; a file that is not there says nothing.
 *
 * @throws SettingsError where the file cannot be read, has a line that is no `KEY=value`, or names
 *   a key that is no setting. It tells the line and the key, never a value.
 */
export function readEnvFile(
  path = '.env',
  environment: Record<string, string | undefined> = process.env,
): void {
  const content = read(path);
  if (content === null) return;
  const assigned = parseEnv(content);
  const unknown = Object.keys(assigned).filter((key) => !Object.hasOwn(KEYS, key));
  const faults = malformedLines(content).map((line) => `${path}: line ${line} is not KEY=value`);
  // What stands for a key in a file with such lines may be the middle of a value: not to be told.
  if (faults.length === 0) faults.push(...unknown.map((key) => `${path}: ${key} is not a setting`));
  if (faults.length > 0) throw new SettingsError(faults);
  for (const [key, value] of Object.entries(assigned)) environment[key] ??= value;
}

function read(path: string): string | null {
  try {
    const content = readFileSync(path, 'utf8');
    return content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new SettingsError([`${path}: cannot be read (${code ?? 'unknown'})`]);
  }
}

/** @returns the numbers of the lines, from 1, which the parser would pass over in silence */
function malformedLines(content: string): readonly number[] {
  return content.split('\n').flatMap((line, index) => (LINE.test(line) ? [] : [index + 1]));
}
