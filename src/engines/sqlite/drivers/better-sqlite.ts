import { createRequire } from 'node:module';
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js';

/** The part of better-sqlite3 that is used, the same in all of its versions. */
type Database = Omit<SqliteConnection, 'pragma'> & {
  pragma(text: string, how: { readonly simple: true }): unknown;
};
type DatabaseClass = new (
  file: string,
  options: { readonly readonly: boolean; readonly timeout: number },
) => Database;

/**
 * Where better-sqlite3 may be installed: the version for Node 22 and newer, and the one for Node
 * 20, on which `packages/sqlite-for-node-20` depends. npm installs the one that fits.
 */
const PACKAGES = ['better-sqlite3', 'sqlite-for-node-20'] as const;

/**
 * Where a version was tested and works. On another Node native code may crash the process, with no
 * chance to fall back: 12 aborts on Node 24 when a thread's databases are collected, and 13
 * segfaults where Node-API is older than 10, as in Node 20 and 22.13.
 */
const TRIED: Readonly<Record<number, (node: number, nodeApi: number) => boolean>> = {
  12: (node) => node >= 20 && node < 22,
  13: (node, nodeApi) => nodeApi >= 10 && node <= 26,
};

function isTried(version: string): boolean {
  const [node, nodeApi] = [process.versions.node, process.versions['napi'] ?? ''].map(majorOf);
  return TRIED[majorOf(version)]?.(node ?? 0, nodeApi ?? 0) ?? false;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** @throws {Error} where none that fits this Node is installed */
export function betterSqlite(): SqliteDriver {
  const load = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const name of PACKAGES) {
    try {
      const version = versionOf(load, name);
      if (!isTried(version)) throw new Error(`${version} was not tried on this Node`);
      return driver(`better-sqlite3 ${version}`, load(name) as DatabaseClass);
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new Error(reasons.join('; '));
}

function versionOf(load: NodeJS.Require, name: string): string {
  const from = name === PACKAGES[1] ? createRequire(load.resolve(name)) : load;
  return (from('better-sqlite3/package.json') as { readonly version: string }).version;
}

function driver(name: string, DatabaseOf: DatabaseClass): SqliteDriver {
  return {
    name,
    open: (file, { readonly = false } = {}) =>
      new BetterConnection(new DatabaseOf(file, { readonly, timeout: 0 })),
  };
}

/** Statements are passed on unchanged: they already match the port. */
class BetterConnection implements SqliteConnection {
  constructor(private readonly database: Database) {}

  get open(): boolean {
    return this.database.open;
  }

  get inTransaction(): boolean {
    return this.database.inTransaction;
  }

  exec(sql: string): unknown {
    return this.database.exec(sql);
  }

  prepare: SqliteConnection['prepare'] = (sql) => this.database.prepare(sql);

  pragma(text: string): unknown {
    return this.database.pragma(text, { simple: true });
  }

  close(): void {
    this.database.close();
  }
}

/** Node appends the stack of requires, and a native module several lines about versions. */
function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
