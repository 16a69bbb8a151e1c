import { betterSqlite } from './better-sqlite.js';
import { proveDriver } from './driver-proof.js';
import { nodeSqlite } from './node-sqlite.js';
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js';

/** In order of preference (docs/decisions/0031). */
export const DRIVERS: readonly (() => SqliteDriver)[] = [betterSqlite, nodeSqlite];

/**
 * The first driver that is installed and passes its proof.
 * @throws {Error} that says why each one failed, and what to do
 */
export function chooseDriver(candidates = DRIVERS): SqliteDriver {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      const driver = candidate();
      proveDriver(driver);
      return driver;
    } catch (error) {
      reasons.push(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `No SQLite driver works on Node ${process.version}: run npm ci with this very Node, ` +
      `or use Node 24 or newer (${reasons.join('; ')})`,
  );
}

let chosen: SqliteDriver | null = null;

/** Opens a database file with the driver of this thread; see {@link SqliteDriver.open}. */
export function openDatabase(
  file: string,
  how?: { readonly readonly?: boolean },
): SqliteConnection {
  chosen ??= chooseDriver();
  return chosen.open(file, how);
}
