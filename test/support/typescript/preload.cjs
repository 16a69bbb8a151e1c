'use strict';
// Preloaded into the threads and processes that a spec starts, whose program may be a TypeScript
// source.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { isMainThread } = require('node:worker_threads');
const { placeOf } = require('./place.cjs');

const { runMain } = Module;
if (!isMainThread) {
  // Runs what was compiled before. Hooks would need another thread for each of these, and most
  // tests open a database, which is two.
  Module.runMain = (/** @type {string} */ program) => {
    runMain(program.endsWith('.ts') ? placeOf(program) : program);
  };
} else if (process.argv[1]?.endsWith('.ts')) {
  Module.register('./hooks.mjs', pathToFileURL(__filename));
}
