import { expect, it } from '@jest/globals';
import { CLUSTER_NEEDS, startCluster } from '../support/cluster.js';
import { describeWith } from '../support/requirements.js';
import { FAULTS, type Fault } from './faults.js';
import { removals } from './removals.js';

/** A smoke test: `npm run chaos -- removals` does a thousand. */
const REMOVALS = 50;

describeWith(CLUSTER_NEEDS, 'People removed from a room over three nodes, while all talk', () => {
  it('get nothing above their own Part, say nothing there, and others miss nothing [S9] [S57]', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
    const { nodes } = await startCluster();
    const places = nodes.map(({ service }) => service);
    const { removals: done, faults } = await removals({ count: REMOVALS, seed, nodes: places });
    const kinds = Object.keys(FAULTS) as readonly Fault[];
    expect(kinds.flatMap((kind) => faults.examples(kind).map((it) => `${kind}: ${it}`))).toEqual(
      [],
    );
    expect(done).toBeGreaterThanOrEqual(REMOVALS);
  }, 300_000);
});
