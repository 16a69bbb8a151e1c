import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

/**
 * As in the compiler's settings: what runs here is what runs in the service.
 * @type {import('@swc/core').Options}
 */
const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/**
 * Sources import each other under the names that they have when compiled.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const fromSource = context.parentURL?.endsWith('.ts') === true;
  const source = specifier.replace(/^(\.{1,2}\/.*)\.js$/, '$1.ts');
  return next(fromSource ? source : specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...OPTIONS, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
