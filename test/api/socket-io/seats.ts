import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import type { RunningApp } from '../../support/app.js';

export function registryOf(place: RunningApp): ConnectionRegistry {
  return place.app.get(ConnectionRegistry);
}

/** Seats that are taken on this node. @throws where the registry does not keep them under this name */
export function seatsOf(place: RunningApp): number {
  const { seats } = registryOf(place) as unknown as { readonly seats?: number };
  if (seats === undefined) throw new Error('the registry has no seats');
  return seats;
}
