import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.mjs';

/**
 * Sources import each other by their compiled names, and this repository's packages by package
 * name.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const fromSource = context.parentURL?.endsWith('.ts') === true;
  const source = specifier.replace(/^(\.{1,2}\/.*)\.js$/, '$1.ts');
  if (!fromSource) return next(specifier, context);
  return next(source, { ...context, conditions: ['parley-source', ...context.conditions] });
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}
