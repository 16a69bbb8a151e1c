import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Made by tools, and no part of the project. */
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', 'results']);

/** Reads a file of the project, by its path from the project's folder. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every file and folder of the project, folders with a trailing slash. */
export function allPaths(folder = ROOT): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = relative(ROOT, path);
      return entry.isDirectory() ? [`${name}/`, ...allPaths(path)] : [name];
    });
}

/** A document's text without its fenced blocks. */
export function prose(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}

export interface Fence {
  /** What follows the backticks: a language, and perhaps a file. */
  readonly info: string;
  readonly lines: readonly string[];
}

/** A document's fenced blocks, in order. */
export function fences(text: string): readonly Fence[] {
  return [...text.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map(([, info = '', body = '']) => ({
    info: info.trim(),
    lines: body.split('\n').slice(0, -1),
  }));
}

/** A document's headings, with their level as in `## Start`. */
export function headings(text: string): readonly string[] {
  return prose(text).match(/^#+ .+$/gm) ?? [];
}

/** A heading's anchor, as repository pages make it. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Whether a path from the project's folder exists. */
export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}
