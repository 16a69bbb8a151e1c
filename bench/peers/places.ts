import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const BENCH = join(import.meta.dirname, '..', '..');

/** A path in bench/. */
export const benchPath = (...parts: string[]): string => join(BENCH, ...parts);
export const projectPath = (...parts: string[]): string => join(BENCH, '..', ...parts);

/** The source of a peer's server. */
export const serverPath = (file: string): string => benchPath('peers', 'servers', file);

/** @returns a program's path, or null */
export function programPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const path = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  return path ?? null;
}
