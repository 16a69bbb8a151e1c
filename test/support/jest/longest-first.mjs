import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ path: string, context: { config: { displayName?: { name: string } } } }} Test */

/** The files of 35 seconds and more, the longest first. */
const LONG = [
  'faults/cluster/failures.spec.ts',
  'browser/following.spec.ts',
  'api/deploy/image.spec.ts',
  'faults/postgres.spec.ts',
  'chaos/chaos.spec.ts',
  'browser/drafts.spec.ts',
  'api/start/migrate-postgres.spec.ts',
  'contract/log-follower.spec.ts',
  'contract/postgres.spec.ts',
  'contract/embedded.spec.ts',
  'browser/accessibility.spec.ts',
  'api/start/start.spec.ts',
  'chaos/cluster.spec.ts',
].map((name) => fileURLToPath(new URL(`../../${name}`, import.meta.url)));

/**
 * Orders the test files: long ones start early, so that no worker ends up alone with one. Faults
 * and the browser load the machine in different ways, so they alternate. The order does not depend
 * on earlier runs, which a fresh clone has not seen: beside those that are known to last long, a
 * file counts as long as its text is.
 */
export default class LongestFirst {
  constructor() {
    const gone = LONG.filter((path) => !existsSync(path));
    if (gone.length > 0)
      throw new Error(`longest-first.mjs names what is gone: ${gone.join(', ')}`);
  }

  /** @param {readonly Test[]} tests */
  sort(tests) {
    const long = LONG.flatMap((path) => tests.filter((test) => test.path === path));
    const left = tests.toSorted((one, other) => size(other) - size(one));
    const [faults, browser, e2e, contract] = ['faults', 'browser', 'e2e', 'contract'].map((kind) =>
      left.filter((test) => kindOf(test) === kind),
    );
    // A set keeps the order in which its members came first.
    const first = [...long, ...inTurn(faults, browser), ...(e2e ?? []), ...(contract ?? [])];
    return [...new Set([...first, ...left])];
  }

  cacheResults() {
    // Jest offers the previous durations. The order must not depend on them.
  }
}

/** @param {Test} test */
function kindOf({ context }) {
  return context.config.displayName?.name ?? '';
}

/** @param {Test} test */
function size({ path }) {
  return statSync(path).size;
}

/**
 * @param {readonly Test[]} ones
 * @param {readonly Test[]} others
 */
function inTurn(ones = [], others = []) {
  const count = Math.max(ones.length, others.length);
  const pairs = Array.from({ length: count }, (_, at) => [ones[at], others[at]]);
  return pairs.flat().filter((test) => test !== undefined);
}
