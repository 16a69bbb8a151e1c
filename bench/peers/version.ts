import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { benchPath, projectPath } from './places.js';

/** The version of a package as it is installed for the benchmark, or for the project. */
export function packageVersion(name: string): string {
  for (const path of [benchPath, projectPath]) {
    try {
      const text = readFileSync(path('node_modules', name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not installed there.
    }
  }
  return 'unknown';
}

/** The version that a program tells of itself. */
export function programVersion(file: string | null, option: string): string {
  if (file === null) return 'unknown';
  const { stdout, stderr } = spawnSync(file, [option], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown';
}
