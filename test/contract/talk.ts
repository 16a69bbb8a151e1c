import { afterEach, beforeEach } from '@jest/globals';
import type { Person } from '../../src/kernel/person.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join } from './people.js';

/** Two people over an engine that holds nothing else yet. */
export interface Talk {
  readonly engine: EngineUnderTest;
  readonly alice: Person;
  readonly bob: Person;
}

/** Opens an engine for each test of the suite around it. @returns that of the test that runs */
export function talks(open: EngineFactory): () => Talk {
  let talk: Talk;

  beforeEach(async () => {
    const engine = await open();
    talk = { engine, alice: await join(engine, 'Alice'), bob: await join(engine, 'Bob') };
  });

  afterEach(() => talk.engine.dispose());

  return () => talk;
}
