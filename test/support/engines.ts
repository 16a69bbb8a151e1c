import { describe } from '@jest/globals';
import { freshDatabase } from './postgres.js';
import { describeWith } from './requirements.js';

/** The settings that give a service an empty database of its own. */
export type NewDatabase = () => Promise<Readonly<Record<string, string>>>;

interface Engine {
  /** Whether it is the engine without any setting. */
  readonly isDefault: boolean;
}

/** Runs the same tests once per engine: what clients see must not depend on it. */
export function onEachEngine(tests: (newDatabase: NewDatabase, engine: Engine) => void): void {
  describe('on the embedded database', () => {
    tests(() => Promise.resolve({}), { isDefault: true });
  });
  describeWith('postgresql', 'on PostgreSQL', () => {
    tests(async () => ({ DATABASE_URL: await freshDatabase() }), { isDefault: false });
  });
}
