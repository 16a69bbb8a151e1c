import type { Peer } from '../peers/peer.js';
import { FAN_OUT_COLUMNS, fillRoom } from './fan-out.js';
import type { Result, Scale, Workload } from './workload.js';

const SIZES = [10, 100, 1_000, 10_000] as const;
const QUICK_SIZES = [10, 100, 1_000] as const;
const LOAD = { kind: 'closed', inFlight: 4 } as const;

export const members: Workload = {
  name: 'members',
  title: 'How cost grows with the members of the room (4 messages in flight)',
  columns: FAN_OUT_COLUMNS,
  limitMs: 180_000,
  suits: () => true,
  run: async (peer: Peer, scale: Scale) => {
    const results: Result[] = [];
    for (const size of scale.isQuick ? QUICK_SIZES : SIZES) {
      const [result] = await fillRoom(peer, size, [LOAD], scale);
      if (result) results.push({ ...result, setting: `${size} members`, x: size });
    }
    return results;
  },
};
