import { before } from './before.js';
import { bun } from './bun.js';
import { nats } from './nats.js';
import { nchan } from './nchan.js';
import { nest } from './nest.js';
import { parley } from './parley.js';
import { parleyCluster } from './parley-cluster.js';
import { parleyOnNodes } from './parley-node.js';
import { parleySocketIo } from './parley-socket-io.js';
import type { Peer } from './peer.js';
import { socketIo } from './socket-io.js';
import { wsEach, wsOnce } from './ws.js';

/** In the order of the table's columns. */
export const PEERS: readonly Peer[] = [
  parley,
  parleyCluster,
  parleySocketIo,
  before,
  ...parleyOnNodes,
  socketIo,
  wsEach,
  wsOnce,
  nest,
  bun,
  nats,
  nchan,
];
