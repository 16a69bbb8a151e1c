import { Backends } from '../backends/backends.js';
import { parley } from './parley.js';
import type { Peer } from './peer.js';

/** What these show is the embedded engine's, or the same with both. */
const { archive: _archive, recovery: _recovery, ...service } = parley;

/** The same service as a node of several, though it may be the only one. */
export const parleyCluster: Peer = {
  ...service,
  name: 'parley-cluster',
  title: 'Parley on PostgreSQL and Redis',
  isBacked: true,
  missing: () => parley.missing() ?? Backends.missing(),
  version: () => `${parley.version()} on ${Backends.versions()}`,
};
