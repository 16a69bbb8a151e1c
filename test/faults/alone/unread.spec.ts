import { describe, expect, it } from '@jest/globals';
import { residentBytes } from '../../support/memory.js';
import { enter, guest } from '../../support/people.js';
import { type Service, startService } from '../../support/service.js';
import { Poll } from '../../api/socket-io/by-hand.js';

const GUESTS = 9;
const SESSIONS = 20;
const TEXTS = 200;
/** Three bytes each, and two in a text of JavaScript's. */
const TEXT = '慢'.repeat(4_000);
const MB = 1_048_576;
const BOUND = 32 * MB;
/** Twice what may wait, and what young heaps grow by. */
const MOST_GROWTH = 110 * MB;

/** A session that stands somewhere of its own, so that what it is told is its own, too. */
async function abandoned(service: Service, token: string): Promise<void> {
  const session = await Poll.open(service.url);
  await session.send(`40${JSON.stringify({ token })}`);
  await session.until('42["2"');
  await session.send('420["2",{"data":"gone"}]');
  await session.until('430[');
}

describe('Sessions of long polling that nobody polls any more', () => {
  it('cost all together what they may, and a reader beside them gets everything [S46]', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=256', MAX_SEND_MEMORY: String(BOUND) };
    const service = await startService({ env });
    for (let i = 0; i < GUESTS; i++) {
      const { access_token } = await guest(service);
      await Promise.all(Array.from({ length: SESSIONS }, () => abandoned(service, access_token)));
    }
    const reader = await enter(service, 'reader');
    const speaker = await enter(service, 'speaker');
    const before = residentBytes(service.pid);
    let most = before;
    for (let i = 0; i < TEXTS; i++) {
      speaker.socket.send({ type: 2, data: `${i}${TEXT.slice(4)}` });
      await reader.socket.next((frame) => frame.data?.toString().startsWith(`${i}慢`) === true);
      most = Math.max(most, residentBytes(service.pid));
    }
    await service.logged(/send-memory-full/);
    expect(most - before).toBeLessThan(MOST_GROWTH);
  });
});
