import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { until } from '../support/bounded.js';
import { enter, guest } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatSocket, connect } from '../support/ws-client.js';
import { Ledger } from './ledger.js';

/** Sockets that fit below the limit. */
const ROOM = 5;

function openFiles({ pid }: Service): number {
  return readdirSync(`/proc/${String(pid)}/fd`).length;
}

function setLimit({ pid }: Service, limit: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${String(limit)}:`]);
}

describeWith(['linux', 'prlimit'], 'a service that has no file descriptor left [F13]', () => {
  it('serves those who are here, and takes others again when there is room', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const cat = await guest(service, 'cat');
    const ledger = new Ledger(ann, 'ann');
    const open = async (): Promise<ChatSocket> => {
      const socket = await connect(service.wsUrl, { token: cat.access_token });
      await socket.next({ type: 2, user: null });
      return socket;
    };
    const untilOpen = async (what: string): Promise<ChatSocket> =>
      await until(
        () => open().catch(() => null),
        what,
        () => 'none',
      );

    setLimit(service, openFiles(service) + ROOM);
    const crowd: ChatSocket[] = [];
    let refused = 0;
    while (refused < 20) {
      try {
        crowd.push(await open());
      } catch {
        refused += 1;
      }
    }
    // Idle HTTP connections of this test may have made room for a few more.
    expect(crowd.length).toBeLessThan(2 * ROOM);
    for (const answer of await ledger.say(20)) expect(answer.type).toBe(6);
    await bob.socket.next({ seq: 20 });
    await Promise.all(crowd.map((socket) => socket.roundTrip()));

    await crowd.pop()?.close();
    crowd.push(await untilOpen('a place of one who left'));

    setLimit(service, 1_024);
    for (let more = 0; more < 10; more++) {
      crowd.push(await untilOpen('a place below the new limit'));
    }
    for (const answer of await ledger.say(1)) expect(answer.type).toBe(6);
    await Promise.all(crowd.map((socket) => socket.next({ seq: 21 })));
    await ledger.expectKept(service);
  });
});
