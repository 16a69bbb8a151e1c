import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT, runTool } from './run.mjs';

/** Other versions of Node, each as a package `node-<major>`. */
const HOME = join(ROOT, 'test', 'nodes');

/** The oldest and the newest; the others on request. */
const ALWAYS = ['20', '26'];

/**
 * The specs of what depends on Node: sockets, internals of other packages, signals, the client.
 * Commands and refused settings behave the same on each.
 */
const SPECS = [
  'src/gateway/(transports|wire|connections)/',
  'src/http/(express-adapter|header-count)',
  'test/conformance/conformance',
  'test/api/gateway/(handshake|slow-reader)',
  'test/api/start/(stop|another-node)',
  'test/packages/',
  'test/faults/second-attempt',
];

/** Each Node version has a driver of its own; `npm test` covers the installed one's. */
const SPECS_OF_DRIVERS = ['src/engines/sqlite/', 'test/contract/embedded\\.spec'];

/** @param {string} major */
function specsFor(major) {
  const isInstalled = process.versions.node.startsWith(`${major}.`);
  return isInstalled ? SPECS : [...SPECS, ...SPECS_OF_DRIVERS];
}

/** @param {string} major */
function nodeOf(major) {
  return join(HOME, 'node_modules', `node-${major}`, 'bin', 'node');
}

/** @param {readonly string[]} majors */
async function install(majors) {
  if (majors.every((major) => existsSync(nodeOf(major)))) return;
  // The others are optional there: a run without them does not download them.
  const omit = majors.every((major) => ALWAYS.includes(major)) ? ['--omit=optional'] : [];
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...omit];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const code = await new Promise((resolve, reject) => {
    const child = spawn(npm, args, { cwd: HOME, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('close', resolve);
  });
  const missing = majors.filter((major) => !existsSync(nodeOf(major)));
  if (code !== 0 || missing.length > 0) {
    throw new Error(
      `Node ${missing.join(', ')} cannot be had here: test/nodes/package.json names packages of ` +
        'Node for Linux on x64, for 20, 22, 24 and 26',
    );
  }
}

/**
 * @param {string} major
 * @returns {Promise<boolean>} whether all passed
 */
async function testOn(major) {
  const node = nodeOf(major);
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const report = join(folder, 'report.json');
  const began = performance.now();
  await runTool(
    'jest/bin/jest.js',
    [...specsFor(major), '--forceExit', '--json', `--outputFile=${report}`],
    {
      node,
      nodeFlags: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      env: {
        ...process.env,
        PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
        // The driver for the Node under test, which may need another one than the installed Node.
        NODE_PATH: join(HOME, 'node_modules'),
      },
      show: true,
    },
  );
  const { version, passed, failed } = read(report, major);
  rmSync(folder, { recursive: true, force: true });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`On Node ${version}: ${passed} passed, ${failed} failed (${seconds} s)`);
  return failed === 0 && passed > 0;
}

/**
 * @param {string} report
 * @param {string} major
 */
function read(report, major) {
  const manifest = join(HOME, 'node_modules', `node-${major}`, 'package.json');
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(manifest, 'utf8'))
  );
  if (!existsSync(report)) return { version, passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } =
    /** @type {Record<'numPassedTests' | 'numFailedTests' | 'numFailedTestSuites', number>} */ (
      JSON.parse(readFileSync(report, 'utf8'))
    );
  // A file that failed to load has no failed test.
  return { version, passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites) };
}

const asked = process.argv.slice(2);
const majors = asked.length > 0 ? asked : ALWAYS;
try {
  await install(majors);
  for (const major of majors) if (!(await testOn(major))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
