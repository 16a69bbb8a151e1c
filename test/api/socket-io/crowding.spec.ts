import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startApp } from '../../support/app.js';
import { bounded, until } from '../../support/bounded.js';
import { enter, guest } from '../../support/people.js';
import { dial, joinBySocketIo } from '../../support/socket-io-client.js';
import { refusal } from '../../support/ws-client.js';
import { BY_SOCKET, Poll, POLLING, Wire } from './by-hand.js';
import { seatsOf, registryOf } from './seats.js';

describe('Too many Socket.IO sessions', () => {
  it('of one address are refused with 429, and counted until they end', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const one = await joinBySocketIo(place, await guest(place, 'one'));
    await Poll.open(place.url);
    expect((await fetch(place.url + POLLING)).status).toBe(429);
    const url = place.url.replace('http', 'ws');
    expect((await refusal(url + BY_SOCKET)).status).toBe(429);
    expect((await refusal(place.wsUrl)).status).toBe(429);
    const gone = one.until('disconnect');
    one.raw.disconnect();
    await gone;
    await enter(place, 'two');
  });

  it('in a short time are refused with 429; an upgrade is no further one', async () => {
    const place = await startApp({ CONNECT_RATE: '2' });
    const one = await joinBySocketIo(place, await guest(place, 'one'));
    if (one.raw.io.engine.transport.name !== 'websocket') {
      await bounded(
        new Promise((resolve) => one.raw.io.engine.once('upgrade', resolve)),
        'an upgrade',
        () => one.seen(),
      );
    }
    await Poll.open(place.url);
    const response = await fetch(place.url + POLLING);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('of one person are refused by a connect_error that may be retried', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_USER: '1' });
    const tokens = await guest(place, 'many');
    await joinBySocketIo(place, tokens);
    const second = dial(place.url, { auth: { token: tokens.access_token } });
    const error = await bounded(
      new Promise<unknown>((resolve) => second.raw.once('connect_error', resolve)),
      'a connect_error',
      () => second.seen(),
    );
    expect(error).toMatchObject({ data: { code: 'too-many-connections', retryable: true } });
  });

  it('that have not said who they are are 2,000 at most, until one has', async () => {
    const place = await startApp({ HANDSHAKE_TIMEOUT: '60' });
    const { access_token } = await guest(place, 'first');
    const first = await Poll.open(place.url);
    const silent = await Wire.open(place.url);
    for (let i = 2; i < 2_000; i += 27) {
      await Promise.all(Array.from({ length: 27 }, () => Poll.open(place.url)));
    }
    const refused = await fetch(place.url + POLLING);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'too-many-connections' });
    expect((await refusal(place.url.replace('http', 'ws') + BY_SOCKET)).status).toBe(429);
    await enter(place, 'native');
    await first.send(`40${JSON.stringify({ token: access_token })}`);
    await first.until('42["2"');
    await Poll.open(place.url);
    expect((await fetch(place.url + POLLING)).status).toBe(429);
    expect(silent.raw.readyState).toBe(WebSocket.OPEN);
  });

  it('that do not say who they are do not last', async () => {
    const place = await startApp({ HANDSHAKE_TIMEOUT: '1' });
    const silent = await Wire.open(place.url);
    const polled = await Poll.open(place.url);
    await Poll.open(place.url);
    expect(seatsOf(place)).toBe(3);
    await silent.closed();
    const { text } = await polled.poll();
    // Engine.IO's close packet, behind one that says nothing.
    expect(text.split('\u001e').at(-1)).toBe('1');
    // Nor do those who never poll.
    const left = (): Promise<true | null> => Promise.resolve(seatsOf(place) === 0 || null);
    await until(left, 'the end of all', () => `${seatsOf(place)} seats`);
    expect(registryOf(place).size).toBe(0);
  });
});
