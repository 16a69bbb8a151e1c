import { createRequire } from 'node:module';
import process from 'node:process';
import vm from 'node:vm';
import { NATIVE_REQUIRE } from './pass-on.mjs';

const require = createRequire(import.meta.url);
const requireOfJest = createRequire(require.resolve('jest'));
const requireOfEnvironment = createRequire(requireOfJest.resolve('jest-environment-node'));
const { ModuleMocker } = requireOfEnvironment('jest-mock');
const { ModernFakeTimers } = requireOfEnvironment('@jest/fake-timers');

Reflect.set(globalThis, NATIVE_REQUIRE, require);

/** Stands for the realm of the process, for which `node:vm` has no object. */
const THIS_REALM = Object.freeze({});

/** What jest's own code keeps on the global object for one file, such as its event handlers. */
const OF_ONE_FILE = /^[A-Z_]+$/;

/**
 * Runs specs in the realm of the process, as the service runs, where jest makes a realm for each
 * file. So a package is loaded once a worker (native-packages.mjs), which is most of what starting a
 * file costs, and `instanceof` means in specs what it means in the service. Our own sources are
 * loaded anew for each file, and environment variables are restored after it; what else a spec
 * changes on the global object stays, so specs change nothing there.
 */
export default class OneRealm {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  before = {
    env: { ...process.env },
    console: globalThis.console,
    exit: process.exit,
    getBuiltinModule: process.getBuiltinModule,
  };

  /** @param {{ projectConfig: { testEnvironmentOptions: Record<string, unknown> } }} config */
  constructor({ projectConfig }) {
    this.conditions = projectConfig.testEnvironmentOptions['customExportConditions'];
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  exportConditions() {
    return this.conditions;
  }

  getVmContext() {
    return THIS_REALM;
  }

  async setup() {
    // Jest awaits one.
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    const { env, console, exit, getBuiltinModule } = this.before;
    Object.assign(globalThis, { console });
    Object.assign(process, { exit, getBuiltinModule });
    for (const name of Object.keys(process.env))
      if (!(name in env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, env);
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (OF_ONE_FILE.test(key.description ?? '')) Reflect.deleteProperty(globalThis, key);
    }
  }
}

/** @param {Record<string, unknown>} options of a function of `node:vm` */
function here(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== THIS_REALM));
}

// Without a context, node:vm takes the current realm. Jest has no way to ask for that.
const { SourceTextModule, SyntheticModule, compileFunction } = vm;
Object.assign(vm, {
  SourceTextModule: class extends SourceTextModule {
    constructor(code, options = {}) {
      super(code, here(options));
    }
  },
  SyntheticModule: class extends SyntheticModule {
    constructor(names, evaluate, options = {}) {
      super(names, evaluate, here(options));
    }
  },
  compileFunction: (code, parameters, options = {}) =>
    compileFunction(code, parameters, here(options)),
});
