'use strict';
const { join, relative } = require('node:path');

const ROOT = join(__dirname, '../../..');

/** The folder of what is compiled: the sources' tree, with `.js` for `.ts`. */
const COMPILED = join(ROOT, 'node_modules/.cache/parley-typescript');

/**
 * @param {string} file a TypeScript source
 * @returns {string} the path of its compiled form
 */
function placeOf(file) {
  return join(COMPILED, relative(ROOT, file).replace(/\.ts$/, '.js'));
}

module.exports = { ROOT, COMPILED, placeOf };
