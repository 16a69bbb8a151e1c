import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { safetyReport } from '../test/safety/census.mjs';
import '../test/support/typescript/loader.mjs';
import { bundleService } from './bundle.mjs';
import { buildWhereStale } from './product.mjs';
import { ROOT, runTool } from './run.mjs';

/**
 * @typedef {{ fullName: string, status: string }} Test
 * @typedef {{ name: string, message: string, startTime: number, endTime: number,
 *   assertionResults: Test[] }} Suite in milliseconds since the epoch
 * @typedef {{ testResults: Suite[] }} Report
 * @typedef {{ passed: number, failed: string[], skipped: string[], tests: Test[] }} Tally
 */

// Some have the machine for themselves.
const ROUNDS = [
  ['--selectProjects', 'unit', 'contract', 'e2e', 'faults', 'browser'],
  ['--selectProjects', 'alone', '--runInBand'],
];

// Every run is forced to exit: one socket that was reset at the wrong moment
// (test/support/reset.ts) makes Node spin in its own clean-up for ever.
const FLAGS = ['--forceExit', '--passWithNoTests', '--json'];

/** A file system in memory, on Linux; a container may have given it next to nothing. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 1024 ** 3;

/** How many of the slowest files are listed at the end. */
const LONGEST = 10;

/**
 * @param {readonly string[]} round
 * @param {string} file where jest puts its report
 * @returns {Promise<{ tally: Tally, suites: readonly Suite[] }>}
 */
async function run(round, file) {
  const { code } = await runTool(
    'jest/bin/jest.js',
    [...process.argv.slice(2), ...round, ...FLAGS, `--outputFile=${file}`],
    {
      nodeFlags: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      show: true,
    },
  );
  const suites = existsSync(file) ? read(file).testResults : [];
  const tally = count(suites);
  if (code !== 0 && tally.failed.length === 0) tally.failed.push('jest itself (see above)');
  return { tally, suites };
}

/** @param {string} file */
function read(file) {
  return /** @type {Report} */ (JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * @param {readonly Suite[]} suites
 * @returns {Tally}
 */
function count(suites) {
  /** @type {Tally} */
  const tally = { passed: 0, failed: [], skipped: [], tests: [] };
  for (const suite of suites) {
    // A file that failed to load has no tests in its report, and must not pass because of that.
    if (suite.message !== '' && suite.assertionResults.length === 0) tally.failed.push(suite.name);
    tally.tests.push(...suite.assertionResults);
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed') tally.passed += 1;
      else if (status === 'failed') tally.failed.push(fullName);
      else tally.skipped.push(fullName);
    }
  }
  return tally;
}

/**
 * @param {readonly Suite[]} suites
 * @returns {readonly string[]} where the time goes
 */
function longest(suites) {
  return suites
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1_000 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, LONGEST)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(5)}  ${relative(ROOT, name)}`);
}

/**
 * @param {string} title
 * @param {readonly string[]} names
 */
function list(title, names) {
  if (names.length === 0) return;
  console.log(`\n${title}`);
  for (const name of names) console.log(`  ${name}`);
}

/**
 * Checks the tests that ran against the register of attacks and faults.
 *
 * @param {readonly Test[]} tests
 * @returns {boolean} whether each row has a test
 */
function countRows(tests) {
  const { lines, isWhole } = safetyReport(tests);
  console.log(`\n${lines.join('\n')}`);
  return isWhole;
}

/** One PostgreSQL for all tests that need only an empty database. */
async function sharePostgres() {
  const { GIVEN, hasOwnPostgres, startQuickServer } = await import('../test/support/postgres.ts');
  if (process.env[GIVEN] !== undefined || !hasOwnPostgres()) return;
  process.env[GIVEN] = (await startQuickServer()).url();
}

/** One browser for all tests of the page, separated by profiles. */
async function shareBrowser() {
  const { GIVEN_BROWSER, startBrowser } = await import('../test/support/browser.ts');
  const { hasChromium } = await import('../test/support/chromium.ts');
  if (process.env[GIVEN_BROWSER] !== undefined || !hasChromium()) return;
  process.env[GIVEN_BROWSER] = await startBrowser();
}

/** One program of the service for all tests that start it: the built one, in fewer files. */
async function shareProgram() {
  const { GIVEN_PROGRAM } = await import('../test/support/service.ts');
  process.env[GIVEN_PROGRAM] ??= await bundleService();
}

/** One folder in memory for the data of all tests, if there is room. */
async function shareFolder() {
  const { GIVEN_FOLDER } = await import('../test/support/temporary.ts');
  const { removeAtEnd } = await import('../test/support/leftovers.ts');
  if (process.env[GIVEN_FOLDER] !== undefined || !existsSync(MEMORY)) return;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ROOM_BYTES) return;
  const folder = mkdtempSync(join(MEMORY, 'parley-test-'));
  removeAtEnd(folder);
  process.env[GIVEN_FOLDER] = folder;
}

async function main() {
  await buildWhereStale();
  const isWholeRun = process.argv.length === 2;
  if (isWholeRun) {
    await Promise.all([sharePostgres(), shareBrowser(), shareProgram(), shareFolder()]);
  }
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const reports = [];
  for (const [at, round] of ROUNDS.entries()) {
    reports.push(await run(round, join(folder, `${String(at)}.json`)));
  }
  rmSync(folder, { recursive: true, force: true });
  list('The longest files, in seconds', longest(reports.flatMap(({ suites }) => suites)));

  const passed = reports.reduce((sum, { tally }) => sum + tally.passed, 0);
  const failed = reports.flatMap(({ tally }) => tally.failed);
  const skipped = reports.flatMap(({ tally }) => tally.skipped);
  const tests = reports.flatMap(({ tally }) => tally.tests);
  list('FAILED', failed);
  list('SKIPPED (the reason stands in the name)', skipped);
  if (passed + failed.length + skipped.length === 0) {
    failed.push('');
    console.log('\nThere is no such test.');
  }
  const strict = process.env['CI'] === 'true';
  if (strict && skipped.length > 0) console.log('\nIn CI nothing may be skipped.');
  // A partial run says nothing about the other rows.
  const isWhole = !isWholeRun || countRows(tests);
  console.log(`\ntests: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  if (failed.length > 0 || (strict && skipped.length > 0) || !isWhole) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  const { clearUp } = await import('../test/support/leftovers.ts');
  await clearUp();
}
