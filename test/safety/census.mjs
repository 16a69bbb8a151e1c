import { FAULT_ROWS, SECURITY_ROWS } from './rows.mjs';

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {{ fullName: string, status: string }} Test as jest reports it */

/**
 * @typedef {object} Census
 * @property {readonly Row[]} proven at least one of its tests ran, and all that ran passed
 * @property {readonly Row[]} failed
 * @property {readonly Row[]} skipped its tests did not run on this machine
 * @property {readonly Row[]} excepted there is no test, for a reason that is documented
 * @property {readonly Row[]} awaited there is no test yet
 * @property {readonly Row[]} missing there is no test, and nothing says why
 * @property {readonly string[]} unknown tags of no row
 */

const TAG = /\[([SF]\d{1,2})\]/g;

/**
 * @param {string} text a title of a test, or a source
 * @returns {readonly string[]} the rows that it names
 */
export function tagsIn(text) {
  return Array.from(text.matchAll(TAG), ([, id]) => id ?? '');
}

/**
 * Holds what ran against what is to be shown.
 *
 * @param {readonly Row[]} rows
 * @param {readonly Test[]} tests
 * @returns {Census}
 */
export function takeCensus(rows, tests) {
  /** @type {Map<string, string[]>} */
  const outcomes = new Map(rows.map(({ id }) => [id, []]));
  /** @type {Set<string>} */
  const unknown = new Set();
  for (const { fullName, status } of tests) {
    for (const id of tagsIn(fullName)) {
      const known = outcomes.get(id);
      if (known) known.push(status);
      else unknown.add(id);
    }
  }
  const kinds = rows.map((row) => ({ row, kind: kindOf(row, outcomes.get(row.id) ?? []) }));
  /** @param {string} wanted */
  const those = (wanted) => kinds.filter(({ kind }) => kind === wanted).map(({ row }) => row);
  return {
    proven: those('proven'),
    failed: those('failed'),
    skipped: those('skipped'),
    excepted: those('excepted'),
    awaited: those('awaited'),
    missing: those('missing'),
    unknown: [...unknown],
  };
}

/**
 * @param {Row} row
 * @param {readonly string[]} outcomes of its tests
 */
function kindOf(row, outcomes) {
  if (outcomes.includes('failed')) return 'failed';
  if (outcomes.includes('passed')) return 'proven';
  if (outcomes.length > 0) return 'skipped';
  if (row.exception !== undefined) return 'excepted';
  return row.awaits === undefined ? 'missing' : 'awaited';
}

/**
 * What is said at the end of a run of all tests.
 *
 * @param {readonly Test[]} tests all that ran, or were to run
 * @returns {{ lines: readonly string[], isWhole: boolean }} `isWhole` is false where a row has no
 *   test and nothing says why, or where a test names a row that there is not
 */
export function safetyReport(tests) {
  /** @param {readonly Row[]} rows */
  const share = (rows) => `${takeCensus(rows, tests).proven.length} of ${rows.length}`;
  const head = `security rows ${share(SECURITY_ROWS)}, fault rows ${share(FAULT_ROWS)}`;
  const census = takeCensus([...SECURITY_ROWS, ...FAULT_ROWS], tests);
  const isWhole = census.missing.length === 0 && census.unknown.length === 0;
  return { lines: [head, ...detailsOf(census)], isWhole };
}

/**
 * @param {Census} census
 * @returns {readonly string[]}
 */
function detailsOf({ proven, failed, skipped, excepted, awaited, missing, unknown }) {
  /**
   * @param {readonly Row[]} rows
   * @param {(row: Row) => string} reason
   */
  const tell = (rows, reason) =>
    rows.map((row) => `  ${row.id.padEnd(3)} ${row.says} (${reason(row)})`);
  return [
    ...tell(missing, () => 'NO TEST'),
    ...tell(failed, () => 'FAILED'),
    ...unknown.map((id) => `  ${id.padEnd(3)} is named by a test, and there is no such row`),
    ...tell(skipped, () => 'skipped here'),
    ...tell(excepted, ({ exception = '' }) => `no test: ${exception}`),
    ...tell(awaited, ({ awaits = '' }) => awaits),
    ...tell(
      proven.filter(({ beyond }) => beyond !== undefined),
      ({ beyond = '' }) => `shown but for ${beyond}`,
    ),
  ];
}
