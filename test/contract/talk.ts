import type { Person } from '../../src/kernel/person.js';
import type { EngineUnderTest } from './engine-under-test.js';

/** Two people over an engine that holds nothing else yet. */
export interface Talk {
  readonly engine: EngineUnderTest;
  readonly alice: Person;
  readonly bob: Person;
}
