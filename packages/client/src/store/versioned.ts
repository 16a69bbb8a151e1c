/** A value, and the number in the log at which it came to be so. */
export interface Versioned<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * The one of the higher number; of the same, the second. So it does not matter how often, how late
 * or in which order states come.
 */
export function latest<Value>(
  one: Versioned<Value> | null,
  next: Versioned<Value> | null,
): Versioned<Value> | null {
  if (one === null || next === null) return one ?? next;
  return next.at >= one.at ? next : one;
}

/** The same for each key of two maps. */
export function latestOfEach<Key, Value>(
  one: ReadonlyMap<Key, Versioned<Value>>,
  next: ReadonlyMap<Key, Versioned<Value>>,
): ReadonlyMap<Key, Versioned<Value>> {
  const merged = new Map(one);
  for (const [key, value] of next) {
    const winner = latest(merged.get(key) ?? null, value);
    if (winner !== null) merged.set(key, winner);
  }
  return merged;
}
