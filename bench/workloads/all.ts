import { attachments } from './attachments.js';
import { attacks } from './attacks.js';
import { busTraffic } from './bus-traffic.js';
import { connects } from './connects.js';
import { fanOut } from './fan-out.js';
import { fiftyRooms } from './fifty-rooms.js';
import { history } from './history.js';
import { idle } from './idle.js';
import { members } from './members.js';
import { manyRooms } from './many-rooms.js';
import { nodes } from './nodes.js';
import { oneToOne } from './one-to-one.js';
import { reactions } from './reactions.js';
import { redisOutage } from './redis-outage.js';
import { rooms } from './rooms.js';
import { sharedParts } from './shared-parts.js';
import { stalled } from './stalled.js';
import { storm } from './storm.js';
import type { Workload } from './workload.js';

/** In the order in which they run and are shown. */
export const WORKLOADS: readonly Workload[] = [
  fanOut,
  members,
  oneToOne,
  connects,
  idle,
  history,
  storm,
  stalled,
  attacks,
  attachments,
  reactions,
  rooms,
  manyRooms,
  fiftyRooms,
  nodes,
  busTraffic,
  redisOutage,
  sharedParts,
];
