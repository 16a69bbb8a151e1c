import { expect, it } from '@jest/globals';
import { startService } from '../support/service.js';
import { unread } from './unread.js';

/** A smoke test: `npm run chaos -- unread` takes a hundred thousand. */
const STEPS = 1_500;
const KILL_EVERY = 500;

const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));

it(`What is unread is what a model says, on every device, also after kill -9 (CHAOS_SEED=${seed})`, async () => {
  const service = await startService({ env: { RECEIPTS_MAX: '0' } });
  const done = await unread({ steps: STEPS, seed, service, killEvery: KILL_EVERY });
  expect(done['kills']).toBe(STEPS / KILL_EVERY);
}, 300_000);
