import { createRequire } from 'node:module';

/** Where specs find Node's own `require`: jest replaces every other way to it. */
export const NATIVE_REQUIRE = Symbol.for('parley.native-require');

const require = createRequire(import.meta.url);

/**
 * @param {string} file a module that Node can load
 * @returns {readonly string[]} the names that it exports
 */
export function exportsOf(file) {
  return Object.keys(/** @type {object} */ (require(file)));
}

/**
 * @param {string} file a module that Node can load
 * @param {readonly string[] | null} names what it exports; null where it is CommonJS
 * @returns {string} a module for specs that passes on what Node loads, once a process
 */
export function passOn(file, names) {
  const load = `globalThis[Symbol.for('${NATIVE_REQUIRE.description}')](${JSON.stringify(file)})`;
  if (names === null) return `module.exports = ${load};`;
  const values = names.map((name, at) => `const _${at} = native[${JSON.stringify(name)}];`);
  const exported = names.map((name, at) => `_${at} as ${JSON.stringify(name)}`);
  return [`const native = ${load};`, ...values, `export { ${exported.join(', ')} };`].join('\n');
}
