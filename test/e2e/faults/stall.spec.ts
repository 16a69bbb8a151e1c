import { describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { bounded } from '../../support/bounded.js';
import { guest, join } from '../../support/people.js';
import { startService } from '../../support/service.js';
import type { ChatSocket } from '../../support/ws-client.js';

/** Five heartbeats of a second: longer than any client may be silent. */
const STALL_MS = 5_000;
const PEOPLE = 30;

async function pings(socket: ChatSocket, count: number): Promise<void> {
  const all = new Promise<void>((resolve) => {
    let left = count;
    socket.raw.on('ping', () => {
      if (--left === 0) resolve();
    });
    socket.raw.once('close', () => resolve());
  });
  await bounded(all, `${String(count)} pings`, () => 'fewer');
}

describe('a service that was stopped for a while (SIGSTOP, SIGCONT) [F12]', () => {
  it('takes nobody for dead whom it could not hear itself', async () => {
    const service = await startService({ env: { HEARTBEAT_INTERVAL: '1', PRESENCE_GRACE: '0' } });
    const guests = await Promise.all(Array.from({ length: PEOPLE }, () => guest(service)));
    const people = await Promise.all(guests.map((tokens) => join(service, tokens)));
    const [ann] = people;
    if (!ann) throw new Error('nobody is here');
    await Promise.all(people.map((socket) => pings(socket, 1)));

    service.signal('SIGSTOP');
    ann.send({ type: 2, data: 'said into the silence', ref: 'r' });
    await setTimeout(STALL_MS);
    service.signal('SIGCONT');

    await ann.next({ type: 6, ref: 'r' });
    // As many heartbeats as it takes to find the dead, and one more.
    await Promise.all(people.map((socket) => pings(socket, 3)));
    for (const socket of people) {
      await socket.roundTrip();
      expect(socket.frames.filter((frame) => frame.type === 5)).toEqual([]);
      expect(socket.frames.filter((frame) => frame.data === 'said into the silence')).toHaveLength(
        1,
      );
    }
  });
});
