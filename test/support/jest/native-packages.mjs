import { createHash } from 'node:crypto';
import process from 'node:process';
import { exportsOf, passOn } from './pass-on.mjs';

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
    if (!isForSpecs(options)) return { code: source };
    return { code: passOn(file, options.supportsStaticESM ? exportsOf(file) : null) };
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
