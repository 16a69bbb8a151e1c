/** 2020-01-01. Places are smaller, and the index with them, than if they began with 1970. */
const EPOCH_MS = 1_577_836_800_000;

/** Messages of one millisecond that keep their order among those of others. */
export const PLACES_PER_MS = 16;

/**
 * Where a message stands in the order of time. The index is read in the order of places, from the latest
 * back, so that a search ends when it has found enough.
 */
export function placeAt(time: number): number {
  return (Math.trunc(time) - EPOCH_MS) * PLACES_PER_MS;
}
