import { COLLECTS_FOR, type Handler, type Payer, priceOf } from './cost.js';

/** The metadata key under which Nest keeps the guards of a class and of a method. */
const GUARDS = '__guards__';

/** A class with methods that can be called from outside. */
export type HandlerClass = Handler & { readonly prototype: object };

/**
 * The handlers among some classes that are free: without a price, or behind no guard that charges
 * it.
 * @param isHandler tells handlers from other methods
 * @returns their names, as `Class.method`
 */
export function handlersWithoutCost(
  classes: Iterable<HandlerClass>,
  isHandler: (method: Handler) => boolean,
): readonly string[] {
  const found: string[] = [];
  for (const one of classes) {
    for (const [name, method] of methodsOf(one)) {
      if (isHandler(method) && !isPaidFor(one, method)) found.push(`${one.name}.${name}`);
    }
  }
  return found;
}

function isPaidFor(one: HandlerClass, method: Handler): boolean {
  const price = priceOf(method);
  if (price === undefined) return false;
  return [...guardsOf(one), ...guardsOf(method)].some((guard) => payerOf(guard) === price.payer);
}

function guardsOf(target: Handler): readonly unknown[] {
  return (Reflect.getMetadata(GUARDS, target) as readonly unknown[] | undefined) ?? [];
}

function payerOf(guard: unknown): Payer | undefined {
  return (guard as { readonly [COLLECTS_FOR]?: Payer })[COLLECTS_FOR];
}

function* methodsOf(one: HandlerClass): Iterable<readonly [string, Handler]> {
  const seen = new Set<string>();
  for (
    let level = one.prototype as object | null;
    level !== null && level !== Object.prototype;
    level = Reflect.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const value: unknown = Object.getOwnPropertyDescriptor(level, name)?.value;
      if (typeof value !== 'function' || seen.has(name)) continue;
      seen.add(name);
      yield [name, value];
    }
  }
}
