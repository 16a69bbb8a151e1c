import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { onEachEngine } from '../support/engines.js';
import { away } from './away.js';

const EVENTS = Number(process.env['AWAY_EVENTS'] ?? 2_000);
/** For a machine that is slow or busy: less may happen, but not hardly anything. */
const LONGEST_MS = 60_000;
const LEAST_EVENTS = 100;
/** Somebody is away for longer than a Sync brings. */
const SYNC = '30';
const SEED = Number(process.env['AWAY_SEED'] ?? Math.floor(Math.random() * 1e9));
const UNLIMITED = { COMMAND_RATE: '0', MESSAGE_RATE: '0', HISTORY_RATE: '0', CONNECT_RATE: '0' };

onEachEngine((newDatabase) => {
  describe(`Whoever was away (AWAY_SEED=${String(SEED)})`, () => {
    it('has on return, by each transport, what somebody has who stayed, and nothing that was deleted [S58]', async () => {
      const env = { ...UNLIMITED, MAX_SYNC_MESSAGES: SYNC };
      const place = await startApp({ ...(await newDatabase()), ...env });
      const report = await away({ place, events: EVENTS, seed: SEED, longest: LONGEST_MS });
      expect(report.events).toBeGreaterThanOrEqual(LEAST_EVENTS);
      expect(report.byPages).toBeGreaterThan(0);
      expect(report.deleted).toBeGreaterThan(0);
    }, 600_000);
  });
});
