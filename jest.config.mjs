/** Jest runs the TypeScript sources as ES modules, compiled by swc. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
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
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

/** A kind of tests: what it is called in the report, where it lives, how long one may take. */
function kind(displayName, folders, testTimeout, except = []) {
  return {
    ...common,
    displayName,
    testTimeout,
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.{ts,tsx}`),
    testPathIgnorePatterns: [...common.testPathIgnorePatterns, ...except],
  };
}

export default {
  projects: [
    kind('unit', ['src', 'client', 'web', 'scripts', 'bench', 'test/support'], 10_000),
    kind('contract', ['test/contract'], 20_000),
    // Whatever else lives in test/ drives the whole service.
    kind('e2e', ['test'], 30_000, ['/test/(contract|browser|support)/']),
    kind('browser', ['test/browser'], 60_000),
  ],
};
