import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** A rule that is switched off in the code needs its reason beside it, after two dashes. */
const reasons = {
  rules: {
    'disable-needs-reason': {
      create: (context) => ({
        Program: () => {
          for (const comment of context.sourceCode.getAllComments()) {
            if (/^\s*eslint-disable(?!.*\s--\s+\S)/s.test(comment.value)) {
              context.report({ loc: comment.loc, message: 'Say why, after " -- ".' });
            }
          }
        },
      }),
    },
  },
};

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];

/** Whoever waits takes a `Scheduler` (src/kernel/scheduler.ts): a test then decides when it is time. */
const NO_RAW_TIMERS = 'Take a Scheduler, so that a test decides when its time has come.';

/** The only files of the service that ask Node for timers. */
const TIMER_OWNERS = [
  'src/kernel/scheduler.ts',
  // The process around the service: there is no container yet, or none any more.
  'src/{main,stop-signals}.ts',
  // They guard Node's own server, which is made before the container.
  'src/http/{raw-answer,connections/server-guard}.ts',
  // They try, and touch, the inside of Node and of Engine.IO: on real sockets, in real time.
  'src/gateway/wire/direct-writer-proof.ts',
  'src/gateway/transports/socket-io/engine-{inside,proof}.ts',
  // What a store's own threads and connections do when they fail is tried on real ones alone.
  'src/engines/sqlite/database-thread.ts',
  'src/engines/postgres/{database-clock,postgres-database}.ts',
  // It gathers one real turn of the event loop.
  'src/chat/log/journal.ts',
];

export default defineConfig(
  // The judges' packages are there for the gate alone: without them nothing of it has a type.
  { ignores: ['dist', '**/dist', '**/node_modules', 'data', 'coverage', 'test/judges'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    plugins: { parley: reasons },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'parley/disable-needs-reason': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],

      // A Nest module or gateway is often a class with nothing but its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],

      // A number reads the same in every template; objects, null and undefined stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],

      // A port's method is asynchronous by its contract, also in an engine that has nothing to
      // wait for; `async` turns a throw there into a rejection, which is what callers expect.
      '@typescript-eslint/require-await': 'off',

      // It wants `!`, which is forbidden here.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',

      // Nest and ws name classes where they mean any object of that shape, such as a literal with
      // options or a socket of a subclass.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',

      // `() => socket.close()` says what it does; braces would say nothing more.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],

      // A name that starts with an underscore is a parameter that a signature demands.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'packages/**/*.ts', 'web/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.{ts,tsx}'],
    rules: {
      // Functions fit a screen. Specs are lists of cases under one `describe` and may be long.
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.spec.ts', ...TIMER_OWNERS],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[...TIMERS, ...TIMERS.map((name) => name.replace('set', 'clear'))].map((name) => ({
          name,
          message: NO_RAW_TIMERS,
        })),
      ],
      'no-restricted-imports': [
        'error',
        ...['timers', 'node:timers', 'timers/promises', 'node:timers/promises'].map((name) => ({
          name,
          message: NO_RAW_TIMERS,
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...TIMERS.map((property) => ({
          object: 'globalThis',
          property,
          message: NO_RAW_TIMERS,
        })),
      ],
    },
  },
  {
    // One list, of which each entry has to be seen beside the others.
    files: ['.dependency-cruiser.cjs'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },
  {
    // Markup needs more lines than what it says.
    files: ['web/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.spec.{ts,tsx}', 'test/**/*.ts'],
    rules: {
      // `expect(store.append)` hands a method over to look at it, not to call it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Tools speak to a terminal. The compiler knows better than a list which globals there are.
    files: ['scripts/**', 'bench/**', 'deploy/**', 'examples/**', 'test/**/*.{cjs,mjs}'],
    rules: { 'no-console': 'off', 'no-undef': 'off' },
  },
  {
    files: ['scripts/**/*.mjs'],
    rules: {
      // A cast in JSDoc is seen by the compiler, but not by these.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Configuration and what runs in a process of its own has no types to check.
    files: ['*.{js,cjs,mjs}', '{bench,deploy,examples,packages,test}/**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    // CommonJS, and one of them written for a Node from before `const`.
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', process: 'readonly', require: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-var': 'off' },
  },
);
