import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { KEYS } from './keys.js';
import { SettingsError } from './load.js';
import { nearestSetting } from './near-misses.js';

/** A blank line, a comment, or `KEY=value`. An opened quote must close; a comment may follow it. */
const LINE =
  /^\s*(?:#.*|(?:export\s+)?[A-Z][A-Z0-9_]*\s*=\s*(?:(?:"[^"]*"|'[^']*'|`[^`]*`)\s*(?:#.*)?|[^"'`\s].*|))?$/;

/** An unquoted value with a `#` inside that no blank precedes, so that it would be cut there. */
const CUT_BY_HASH = /^[^#=]*=\s*(?!["'`\s#])[^#]*[^\s#]#/;
const HAS_ESCAPE = /^[^#=]*=\s*"[^"]*\\n/;

/**
 * Adds the settings of a file like `.env.example` to the environment. The environment wins where
 * both have a key; a missing file adds nothing.
 *
 * @throws SettingsError where the file cannot be read, has a line that is no `KEY=value` or whose
 *   value would not arrive as written, or names a key that is no setting. Names the line and the
 *   key, never a value.
 */
export function readEnvFile(
  path = '.env',
  environment: Record<string, string | undefined> = process.env,
): void {
  const content = read(path);
  if (content === null) return;
  const assigned = parseEnv(content);
  const unknown = Object.keys(assigned).filter((key) => !Object.hasOwn(KEYS, key));
  const faults = faultyLines(content).map((fault) => `${path}: ${fault}`);
  // In a file with such lines, an unknown key may be the middle of a value: never shown.
  if (faults.length === 0) faults.push(...unknown.map((key) => `${path}: ${strange(key)}`));
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

/** @returns what is wrong with each line that would be skipped, or read other than as written */
function faultyLines(content: string): readonly string[] {
  return content.split('\n').flatMap((line, index) => {
    const at = `line ${String(index + 1)}`;
    if (!LINE.test(line)) return [`${at} is not KEY=value`];
    if (CUT_BY_HASH.test(line))
      return [`${at}: put the value in single quotes, # ends it otherwise`];
    if (HAS_ESCAPE.test(line)) {
      return [`${at}: put the value in single quotes, \\n is a line break in double ones`];
    }
    return [];
  });
}

function strange(key: string): string {
  const nearest = nearestSetting(key);
  return `${key} is not a setting${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}
