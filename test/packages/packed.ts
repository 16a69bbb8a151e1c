import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/service.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = ['packages/protocol', 'packages/client'];

/** Node 20 has a WebSocket behind a flag only. */
const NODE_FLAGS = 'WebSocket' in globalThis ? [] : ['--experimental-websocket'];
const PATIENCE_MS = 30_000;

/** A project of somebody else, in a folder of its own, with both packages as they are published. */
export class ForeignProject {
  private constructor(readonly folder: string) {}

  /** Packs both packages as they were built, and installs them without a registry. */
  static async create(): Promise<ForeignProject> {
    const folder = temporaryFolder('foreign');
    const tarballs = await Promise.all(PACKAGES.map((name) => pack(name, folder)));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    await npm(folder, ['install', ...tarballs.map((name) => `./${name}`)]);
    return new ForeignProject(folder);
  }

  /** A path below what is installed there. */
  path(...parts: readonly string[]): string {
    return join(this.folder, 'node_modules', ...parts);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** @returns what the program printed; rejects where it fails */
  async run(name: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    return await call(process.execPath, [...NODE_FLAGS, name], this.folder, env);
  }

  /** Compiles files strictly. @returns what the compiler has to say: nothing where all is well */
  async compile(...names: readonly string[]): Promise<string> {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--skipDefaultLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
    ];
    try {
      return await call(process.execPath, [compiler, ...flags, ...names], this.folder);
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }
}

/** @returns the name of the archive in the folder */
async function pack(name: string, folder: string): Promise<string> {
  if (!existsSync(join(ROOT, name, 'dist')))
    throw new Error(`${name}/dist is missing: npm run build`);
  const args = ['pack', join(ROOT, name), '--json', '--pack-destination', folder];
  const [packed] = JSON.parse(await npm(folder, args)) as readonly { filename: string }[];
  if (packed === undefined) throw new Error(`npm packed nothing of ${name}`);
  return packed.filename;
}

async function npm(folder: string, args: readonly string[]): Promise<string> {
  return await call(
    'npm',
    [...args, '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'],
    folder,
  );
}

async function call(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    timeout: PATIENCE_MS,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  return stdout;
}
