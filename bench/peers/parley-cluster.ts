import { Backends } from '../backends/backends.js';
import { parley } from './parley.js';
import type { Peer } from './peer.js';

/** These are measured with the embedded engine, or do not depend on it. */
const { archive: _archive, recovery: _recovery, ...service } = parley;

/** The same service as one of several nodes, or as the only one of a cluster. */
export const parleyCluster: Peer = {
  ...service,
  name: 'parley-cluster',
  title: 'Parley on PostgreSQL and Redis',
  isBacked: true,
  missing: () => parley.missing() ?? Backends.missing(),
  version: () => `${parley.version()} on ${Backends.versions()}`,
};
