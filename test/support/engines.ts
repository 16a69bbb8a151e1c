import { describe } from '@jest/globals';
import { freshDatabase } from './postgres.js';
import { describeWith } from './requirements.js';

/** The settings that give a service an empty database of its own. */
export type NewDatabase = () => Promise<Readonly<Record<string, string>>>;

/** The same tests once for each engine: what clients see must not depend on it. */
export function onEachEngine(tests: (newDatabase: NewDatabase) => void): void {
  describe('on the embedded database', () => tests(() => Promise.resolve({})));
  describeWith('postgresql', 'on PostgreSQL', () =>
    tests(async () => ({ DATABASE_URL: await freshDatabase() })),
  );
}
