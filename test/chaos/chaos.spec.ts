import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/service.js';
import { chaos } from './chaos.js';
import { table } from './table.js';

const KILLS = 25;
const LONGEST_MS = 180_000;

describe('The service, killed again and again while people talk', () => {
  it(
    'loses nothing that it acknowledged, and everybody gets everything once and in order',
    async () => {
      const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
      const report = await chaos({ cycles: KILLS, clients: 12, seed, dataDir: temporaryFolder() });

      const failure = report.faults.total > 0 ? table(report) : '';
      expect(failure).toBe('');
      expect(report.kills).toBeGreaterThanOrEqual(KILLS);
      expect(report.acknowledged).toBeGreaterThan(KILLS * 100);
    },
    LONGEST_MS,
  );
});
