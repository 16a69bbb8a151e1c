import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { benchPath, projectPath } from './places.js';

/** The installed version of a package, the benchmark's or the project's. */
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

/** The version that a program reports. */
export function programVersion(file: string | null, option: string): string {
  if (file === null) return 'unknown';
  const { stdout, stderr } = spawnSync(file, [option], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown';
}
