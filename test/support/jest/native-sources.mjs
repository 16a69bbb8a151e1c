import { createHash } from 'node:crypto';
import { isCompiled } from '../typescript/compiled.mjs';
import { placeOf } from '../typescript/place.cjs';
import { exportsOf, passOn } from './pass-on.mjs';

/**
 * Replaces our own sources that a spec imports by what Node loads of them, compiled before the specs
 * (compile-sources.mjs), once a process: so a file after the first loads none of them, and finds
 * them as V8 optimised them before.
 */
export default {
  /**
   * @param {string} _source
   * @param {string} file
   */
  process(_source, file) {
    return { code: passOn(placeOf(file), exportsOf(placeOf(file))) };
  },

  /**
   * What is passed on changes with the names alone, also with those that another file exports.
   *
   * @param {string} _source
   * @param {string} file
   */
  getCacheKey(_source, file) {
    if (!isCompiled(file)) throw new Error(`${file} does not compile: npm run check types`);
    const key = [import.meta.url, file, exportsOf(placeOf(file))];
    return createHash('sha256').update(JSON.stringify(key)).digest('hex');
  },
};
