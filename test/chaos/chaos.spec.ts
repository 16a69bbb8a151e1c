import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/service.js';
import { chaos } from './chaos.js';
import { oneService } from './stages.js';
import { table } from './table.js';

/** A smoke test: what the promise rests on are the thousand of `npm run chaos`. */
const KILLS = 15;
/** For a machine that is slow or busy: it may kill less often, but not hardly ever. */
const LONGEST_MS = 75_000;
const LEAST_KILLS = 10;
const LEAST_MESSAGES = 1_000;

describe('The service, killed again and again while people talk', () => {
  it(
    'loses nothing that it acknowledged, and everybody gets everything once and in order [F1]',
    async () => {
      const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
      const stage = await oneService(temporaryFolder('chaos'));
      const limits = { cycles: KILLS, longest: LONGEST_MS };
      const report = await chaos({ ...limits, clients: 12, seed, stage });

      const failure = report.faults.total > 0 ? table(report) : '';
      expect(failure).toBe('');
      expect(report.kills).toBeGreaterThanOrEqual(LEAST_KILLS);
      expect(report.acknowledged).toBeGreaterThan(LEAST_MESSAGES);
    },
    2 * LONGEST_MS,
  );
});
