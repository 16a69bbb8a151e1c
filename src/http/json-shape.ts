import { Refusal } from '../kernel/refusal.js';

/** Keys that reach a prototype when an object is copied carelessly (prototype pollution). */
const POISONOUS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Checks parsed JSON before anything copies it, level by level rather than recursively, so that no
 * nesting can exhaust the stack.
 * @param depth levels of objects and arrays that are accepted
 * @throws Refusal `too-deep` or `unknown-field`
 */
export function checkShape(value: unknown, depth: number): void {
  let level: readonly object[] = containersIn([value]);
  for (let reached = 1; level.length > 0; reached++) {
    if (reached > depth) throw new Refusal('too-deep');
    for (const container of level) {
      if (Object.keys(container).some((key) => POISONOUS.has(key))) {
        throw new Refusal('unknown-field');
      }
    }
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
}

function containersIn(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
