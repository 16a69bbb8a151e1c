import { expect, it } from '@jest/globals';
import { CLUSTER_NEEDS } from '../support/cluster.js';
import { describeWith } from '../support/requirements.js';
import { temporaryFolder } from '../support/service.js';
import { chaos } from './chaos.js';
import { threeNodes } from './stages.js';
import { failure } from './table.js';

/** The last three at once. */
const KILLS = 7;
/** For a machine that is slow or busy. */
const LONGEST_MS = 30_000;
const LEAST_KILLS = 5;
const LEAST_MESSAGES = 500;

describeWith(CLUSTER_NEEDS, 'Three nodes, killed again and again while people talk', () => {
  it(
    'lose nothing that they acknowledged, and everybody gets everything once and in order [F1] [F8]',
    async () => {
      const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
      const stage = await threeNodes(temporaryFolder('chaos'));
      const limits = { cycles: KILLS, longest: LONGEST_MS };
      const report = await chaos({ ...limits, clients: 12, seed, stage });

      expect(failure(report)).toBe('');
      expect(report.kills).toBeGreaterThanOrEqual(LEAST_KILLS);
      expect(report.acknowledged).toBeGreaterThan(LEAST_MESSAGES);
    },
    5 * LONGEST_MS,
  );
});
