import { statSync } from 'node:fs';

/** @typedef {{ path: string, context: { config: { displayName?: { name: string } } } }} Test */

/**
 * Orders the test files: long ones start early, so that no worker ends up alone with one. Faults
 * and the browser load the machine in different ways, so they alternate. The order does not depend
 * on earlier runs, which a fresh clone has not seen.
 */
export default class LongestFirst {
  /** @param {readonly Test[]} tests */
  sort(tests) {
    const left = tests.toSorted((one, other) => size(other) - size(one));
    const [faults, browser, e2e, contract] = ['faults', 'browser', 'e2e', 'contract'].map((kind) =>
      left.filter((test) => kindOf(test) === kind),
    );
    const first = [...inTurn(faults, browser), ...(e2e ?? []), ...(contract ?? [])];
    return [...first, ...left.filter((test) => !first.includes(test))];
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
