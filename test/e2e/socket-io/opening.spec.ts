import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest, type Tokens } from '../../support/people.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { refusal } from '../../support/ws-client.js';
import { BY_SOCKET, Poll, POLLING } from './by-hand.js';
import { placesOf } from './places.js';

describe('Who may open a Socket.IO session', () => {
  let place: RunningApp;
  let tokens: Tokens;

  beforeAll(async () => {
    place = await startApp({ ALLOWED_ORIGINS: 'https://chat.example.org' });
    tokens = await guest(place, 'opener');
  });

  it.each(['https://evil.example', 'null', 'https://chat.example.org.evil.example'])(
    'is nobody from the origin %s, by polling as by WebSocket, with 403',
    async (origin) => {
      const polled = await fetch(place.url + POLLING, { headers: { origin } });
      expect(polled.status).toBe(403);
      expect(await polled.json()).toMatchObject({ code: 'foreign-origin' });
      const url = place.url.replace('http', 'ws') + BY_SOCKET;
      const { status } = await refusal(url, { headers: { origin } });
      expect(status).toBe(403);
      expect(polled.headers.get('access-control-allow-origin')).not.toBe(origin);
    },
  );

  it('is not somebody of a foreign origin who knows the id of a session', async () => {
    const session = await Poll.open(place.url);
    const url = `${place.url}${POLLING}&sid=${session.sid}`;
    const headers = { origin: 'https://evil.example' };
    expect((await fetch(url, { headers })).status).toBe(403);
    expect((await fetch(url, { headers, method: 'POST', body: '40' })).status).toBe(403);
  });

  it('is an allowed origin, which may read the answer', async () => {
    const headers = { origin: 'https://chat.example.org' };
    const response = await fetch(place.url + POLLING, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://chat.example.org');
  });

  it.each([
    ['a script element', `${POLLING}&j=0`, 'GET', 400],
    ['another version', '/socket.io/?EIO=3&transport=polling', 'GET', 400],
    ['another transport', '/socket.io/?EIO=4&transport=carrier', 'GET', 400],
    ['another method', POLLING, 'DELETE', 405],
    ['an unknown session', `${POLLING}&sid=nobody`, 'GET', 400],
    ['a session named after a prototype', `${POLLING}&sid=__proto__`, 'GET', 400],
    ['another path', '/socket.io/x', 'GET', 404],
  ])('is not %s', async (_what, path, method, status) => {
    const before = placesOf(place);
    expect((await fetch(place.url + path, { method })).status).toBe(status);
    expect(placesOf(place)).toBe(before);
  });

  it('does not upgrade a session that there is not, or that is upgraded already', async () => {
    const url = place.url.replace('http', 'ws') + BY_SOCKET;
    expect((await refusal(`${url}&sid=nobody`)).status).toBe(400);
    const client = await joinBySocketIo(place, tokens, { transports: ['websocket'] });
    const sid = client.raw.io.engine.id;
    expect((await refusal(`${url}&sid=${sid}`)).status).toBe(400);
    await client.roundTrip();
  });
});
