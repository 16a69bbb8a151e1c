import { setTimeout as delay } from 'node:timers/promises';
import type { Subject } from './server-process.js';

const LOOK_MS = 250;
const IDLE_SHARE = 0.08;
const PATIENCE_MS = 10_000;

/** Waits until the server's CPU is nearly idle again. */
export async function untilQuiet(server: Subject): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let before = server.meter.cpuMs();
  while (performance.now() < giveUpAt) {
    await delay(LOOK_MS);
    const now = server.meter.cpuMs();
    if (now - before <= LOOK_MS * IDLE_SHARE) return;
    before = now;
  }
}
