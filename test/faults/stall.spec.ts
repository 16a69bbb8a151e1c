import { describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { bounded } from '../support/bounded.js';
import { guest, join } from '../support/people.js';
import { startService } from '../support/service.js';
import { startProxy } from '../support/tcp-proxy.js';
import type { ChatSocket } from '../support/ws-client.js';

/** Longer than any client may be silent. */
const STALL_MS = 5_000;
const HEARTBEAT_SECONDS = 2;
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
    const service = await startService({
      env: { HEARTBEAT_INTERVAL: String(HEARTBEAT_SECONDS), PRESENCE_GRACE: '0' },
    });
    const guests = await Promise.all(Array.from({ length: PEOPLE }, () => guest(service)));
    const people = await Promise.all(guests.map((tokens) => join(service, tokens)));
    const proxy = await startProxy(service.port);
    const bob = await join(proxy, await guest(service, 'bob'));
    // Behind him: when she is pinged, he was.
    const ann = await join(service, await guest(service, 'ann'));
    people.push(ann);
    await Promise.all(people.map((socket) => pings(socket, 1)));
    await bob.roundTrip();

    // What he answers to the next ping is under way for as long as the service sleeps, and longer.
    proxy.freeze();
    await pings(ann, 1);
    service.signal('SIGSTOP');
    ann.send({ type: 2, data: 'said into the silence', ref: 'r' });
    await setTimeout(STALL_MS);
    const pinged = pings(ann, 1);
    service.signal('SIGCONT');
    await ann.next({ type: 6, ref: 'r' });
    await pinged;
    proxy.thaw();

    // As many heartbeats as it takes to find the dead, and one more.
    await Promise.all(people.map((socket) => pings(socket, 3)));
    for (const socket of [...people, bob]) {
      await socket.roundTrip();
      expect(socket.frames.filter((frame) => frame.type === 5)).toEqual([]);
      expect(socket.frames.filter((frame) => frame.data === 'said into the silence')).toHaveLength(
        1,
      );
    }
  });
});
