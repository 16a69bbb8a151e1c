'use strict';
// The program of the bundle, beside which bundle.mjs puts it. It runs service.cjs with the code
// that V8 compiled when that ran before, which is half of what a start costs.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const SERVICE = path.join(__dirname, 'service.cjs');
const COMPILED = path.join(__dirname, 'service.compiled');

const script = new vm.Script(Module.wrap(readFileSync(SERVICE, 'utf8')), {
  filename: SERVICE,
  // V8 rejects what another V8, or other flags, compiled, and compiles anew.
  ...(existsSync(COMPILED) && { cachedData: readFileSync(COMPILED) }),
  importModuleDynamically: (/** @type {string} */ name) => import(name),
});
if (!existsSync(COMPILED)) process.once('exit', keepCompiled);
// Parts that are loaded later import it by its name.
const service = new Module(SERVICE, module);
require.cache[SERVICE] = service;
/** @type {unknown} */
const main = script.runInThisContext();
if (typeof main === 'function') {
  Reflect.apply(main, undefined, [service.exports, require, service, SERVICE, __dirname]);
}

/** At the end, since V8 compiles a function when it is first called. */
function keepCompiled() {
  const draft = `${COMPILED}.${process.pid}`;
  writeFileSync(draft, script.createCachedData());
  // Others find it whole, or not at all.
  renameSync(draft, COMPILED);
}
