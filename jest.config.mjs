import { availableParallelism } from 'node:os';

/** Matches this folder in a pattern, whatever characters its name has. */
const HERE = import.meta.dirname.replaceAll(/[^\w/-]/g, String.raw`\$&`);

/** What Node loads itself: our own sources, but for specs and what they share. */
const SOURCES = String.raw`^${HERE}/(src|packages/(protocol|client)/src)/(?!testing/)((?!\.spec\.).)*\.ts$`;

/** Jest runs specs as ES modules, compiled by swc. */
const common = {
  testEnvironment: '<rootDir>/test/support/jest/one-realm.mjs',
  // The packages of this repository are tested from their sources.
  testEnvironmentOptions: {
    customExportConditions: ['parley-source', 'node', 'node-addons'],
  },
  setupFiles: ['<rootDir>/test/support/typescript/for-programs.mjs'],
  setupFilesAfterEnv: ['<rootDir>/test/support/jest/clear-up.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '/node_modules/.+\\.[cm]?js$': '<rootDir>/test/support/jest/native-packages.mjs',
    [SOURCES]: '<rootDir>/test/support/jest/native-sources.mjs',
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true, tsx: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: [],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

/** A kind of tests: what it is called in the report, and where it lives. */
function kind(displayName, folders, except = []) {
  return {
    ...common,
    displayName,
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.{ts,tsx}`),
    testPathIgnorePatterns: [...common.testPathIgnorePatterns, ...except],
  };
}

export default {
  globalSetup: '<rootDir>/test/support/jest/compile-sources.mjs',
  // The last resort: what a test waits for has a bound of its own and says what came instead.
  testTimeout: 180_000,
  // Most files wait most of the time: for a service to start, a page to load or a time to pass.
  maxWorkers: 2 * availableParallelism(),
  // What a file leaves behind in the realm that it shared goes with the worker.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/support/jest/longest-first.mjs',
  projects: [
    kind('unit', ['src', 'packages', 'web', 'scripts', 'bench', 'test/support']),
    kind('contract', ['test/contract']),
    // Whatever else lives in test/ drives the whole service.
    kind('e2e', ['test'], ['/test/(contract|browser|support|chaos|faults)/']),
    // Crashes and starvation.
    kind('faults', ['test/faults', 'test/chaos'], ['/test/faults/alone/']),
    // What a process holds, and how long a lock is waited for, depends on what else runs.
    kind('alone', ['test/faults/alone']),
    kind('browser', ['test/browser']),
  ],
};
