import { describe, expect, it } from '@jest/globals';
import { enter, guest, join } from '../support/people.js';
import { startService } from '../support/service.js';
import { startProxy } from '../support/tcp-proxy.js';
import { connect, refusal } from '../support/ws-client.js';

describe('a connection through which nothing passes any more [F9]', () => {
  it('is found within two heartbeats, leaves, and gives its place back', async () => {
    const env = { HEARTBEAT_INTERVAL: '1', PRESENCE_GRACE: '0', MAX_CONNECTIONS: '6' };
    const service = await startService({ env });
    const proxy = await startProxy(service.port);
    const bob = await enter(service, 'bob');
    const names = ['ann', 'cat', 'dan', 'eve', 'fay'];
    const lost = await Promise.all(names.map((name) => guest(service, name)));
    await Promise.all(lost.map((tokens) => join(proxy, tokens)));
    const gus = await guest(service, 'gus');
    expect(await refusal(service.wsUrl, { token: gus.access_token })).toMatchObject({
      status: 429,
    });

    proxy.freeze();
    // Bob is pinged as often as they are: his pings count the heartbeats.
    let heartbeats = 0;
    bob.socket.raw.on('ping', () => heartbeats++);
    bob.socket.send({ type: 2, data: 'is anybody there?', ref: 'r' });
    const left = await bob.socket.take(names.length, { type: 5 });
    expect(left.map(({ user }) => user?.username).sort()).toEqual(names);
    expect(heartbeats).toBeLessThanOrEqual(3);

    const socket = await connect(service.wsUrl, { token: gus.access_token });
    await socket.next({ type: 2, user: null });
    await bob.socket.roundTrip();
    expect(bob.socket.frames.filter((frame) => frame.type === 5)).toHaveLength(names.length);
  });
});
