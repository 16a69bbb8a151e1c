import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const BENCH = join(import.meta.dirname, '..', '..');

/** The folder bench/, and the project that it measures. */
export const benchPath = (...parts: string[]): string => join(BENCH, ...parts);
export const projectPath = (...parts: string[]): string => join(BENCH, '..', ...parts);

/** A peer's server as it stands in the sources. */
export const serverPath = (file: string): string => benchPath('peers', 'servers', file);

/** @returns where a program is, or null */
export function programPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const path = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  return path ?? null;
}
