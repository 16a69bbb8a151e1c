import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/service.js';
import { chaos } from './chaos.js';
import { oneService } from './stages.js';
import { failure } from './table.js';

/** A smoke test: what the promise rests on are the thousand of `npm run chaos`. */
const KILLS = 10;
/** However slow or busy the machine is: it kills so often, and takes its time. */
const PATIENCE_MS = 300_000;
const LEAST_MESSAGES = 1_000;

describe('The service, killed again and again while people talk', () => {
  it(
    'loses nothing that it acknowledged, and everybody gets everything once and in order [F1]',
    async () => {
      const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
      const stage = await oneService(temporaryFolder('chaos'));
      const report = await chaos({ cycles: KILLS, clients: 12, seed, stage });

      expect(failure(report)).toBe('');
      expect(report.kills).toBeGreaterThanOrEqual(KILLS);
      expect(report.acknowledged).toBeGreaterThan(LEAST_MESSAGES);
    },
    PATIENCE_MS,
  );
});
