import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import type { RunningApp } from '../../support/app.js';

export function registryOf(place: RunningApp): ConnectionRegistry {
  return place.app.get(ConnectionRegistry);
}

/** Places that are taken, by whomever. */
export function placesOf(place: RunningApp): number {
  return (registryOf(place) as unknown as { places: number }).places;
}
