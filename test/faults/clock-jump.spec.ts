import { expect, it } from '@jest/globals';
import { bounded } from '../support/bounded.js';
import { enter, join as rejoin, refresh } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { TurnableService } from '../support/turnable-service.js';
import type { ChatSocket } from '../support/ws-client.js';
import { Ledger, readLog } from './ledger.js';

const HOUR = 3_600_000;

async function pings(socket: ChatSocket, count: number): Promise<void> {
  const all = new Promise<void>((resolve) => {
    let left = count;
    socket.raw.on('ping', () => {
      if (--left === 0) resolve();
    });
    socket.raw.once('close', () => {
      resolve();
    });
  });
  await bounded(all, `${String(count)} pings`, () => 'fewer');
}

describeWith(['linux', 'faketime'], 'a clock that jumps [F11]', () => {
  it('disturbs neither the order nor who is here, whichever way it jumps', async () => {
    const clock = new TurnableService();
    const service = await clock.start({
      HEARTBEAT_INTERVAL: '1',
      PRESENCE_GRACE: '5',
      ACCESS_TOKEN_TTL: '86400',
    });
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const ledger = new Ledger(ann, 'ann');
    const times: number[] = [];
    let socket = bob.socket;
    for (const offset of ['+7h', '-9h']) {
      // Somebody is on the way back while the clock is set.
      await socket.terminate();
      clock.setBy(offset);
      socket = await rejoin(service, bob.tokens);
      const answers = await ledger.say(5);
      times.push((answers[0]?.time ?? 0) - Date.now());
      await socket.next({ seq: ledger.said.size });
      await Promise.all([pings(ann.socket, 2), pings(socket, 2)]);
      await Promise.all([ann.socket.roundTrip(), socket.roundTrip()]);
      expect(ann.socket.frames.filter((frame) => frame.type === 5)).toEqual([]);
    }
    // The clock was set, indeed: this is what people see.
    expect(times.map((time) => Math.round(time / HOUR))).toEqual([7, -9]);

    const acks = [...ledger.acked.values()];
    expect(acks.map(({ seq }) => seq)).toEqual(acks.map((_, i) => i + 1));
    const ids = acks.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(10);
    await ledger.expectKept(service);
  });

  it('over the end of tokens ends their sockets, which come back with the refresh token', async () => {
    const clock = new TurnableService();
    const service = await clock.start({});
    const ann = await enter(service, 'ann');
    ann.socket.send({ type: 2, data: 'before', ref: 'before' });
    await ann.socket.next({ type: 6, ref: 'before' });
    clock.setBy('+2h');
    expect(await ann.socket.closed()).toMatchObject({ code: 4401 });
    expect(ann.socket.frames.at(-1)).toMatchObject({ type: 0, code: 'token-expired' });

    const tokens = await refresh(service, ann.tokens.refresh_token);
    const back = await rejoin(service, tokens);
    clock.setBy('-2h');
    back.send({ type: 2, data: 'after', ref: 'after' });
    expect(await back.next({ ref: 'after' })).toMatchObject({ type: 6, seq: 2 });
    const log = await readLog(service, tokens);
    expect(log.map(({ data }) => data)).toEqual(['before', 'after']);
  });
});
