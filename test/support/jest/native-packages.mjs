import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import process from 'node:process';

/** Where specs find Node's own `require`: jest replaces every other way to it. */
export const NATIVE_REQUIRE = Symbol.for('parley.native-require');

/** @typedef {{ supportsDynamicImport: boolean, supportsStaticESM: boolean }} Options */

/**
 * Replaces the modules of packages that a spec imports by ones that pass on what Node loads, once a
 * process. Jest would load each package anew, module by module, for each file.
 */
export default {
  /**
   * @param {string} source
   * @param {string} file
   * @param {Options} options
   */
  process(source, file, options) {
    return { code: isForSpecs(options) ? passOn(file, options.supportsStaticESM) : source };
  },

  /**
   * @param {string} source
   * @param {string} file
   * @param {Options} options
   */
  getCacheKey(source, file, options) {
    const hash = createHash('sha256')
      .update(import.meta.url)
      .update(process.version);
    const kind = [options.supportsDynamicImport, options.supportsStaticESM];
    return hash
      .update(JSON.stringify([file, kind]))
      .update(source)
      .digest('hex');
  },
};

/**
 * Jest transforms its own parts, too.
 * @param {Options} options
 */
function isForSpecs({ supportsDynamicImport }) {
  return supportsDynamicImport;
}

/**
 * @param {string} file
 * @param {boolean} isModule whether it is an ES module, rather than CommonJS
 */
function passOn(file, isModule) {
  const load = `globalThis[Symbol.for('${NATIVE_REQUIRE.description}')](${JSON.stringify(file)})`;
  if (!isModule) return `module.exports = ${load};`;
  const names = Object.keys(createRequire(import.meta.url)(file));
  const values = names.map((name, at) => `const _${at} = native[${JSON.stringify(name)}];`);
  const exported = names.map((name, at) => `_${at} as ${JSON.stringify(name)}`);
  return [`const native = ${load};`, ...values, `export { ${exported.join(', ')} };`].join('\n');
}
