import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest, type Tokens } from '../../support/people.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { refusal } from '../../support/ws-client.js';
import { BY_SOCKET, Poll, POLLING } from './by-hand.js';
import { seatsOf } from './seats.js';

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
    ['the path without its end', POLLING.replace('/?', '?'), 'GET', 404],
    ['the path with a second end', POLLING.replace('/?', '//?'), 'GET', 404],
    ['the path with another beginning', `/${POLLING}`, 'GET', 404],
    ['the path encoded', POLLING.replace('.', '%2E'), 'GET', 404],
    ['the path in capitals', POLLING.replace('socket.io', 'SOCKET.IO'), 'GET', 404],
    ['a POST without a session', POLLING, 'POST', 400],
    ['a WebSocket that is none', BY_SOCKET, 'GET', 400],
    ['an empty session [S44]', `${POLLING}&sid=`, 'GET', 400],
    ['a second, empty session [S44]', `${POLLING}&sid=&sid=x`, 'GET', 400],
    ['a list of sessions [S44]', `${POLLING}&sid[]=x`, 'GET', 400],
    ['a second transport [S44]', `${POLLING}&transport=websocket`, 'GET', 400],
    ['a second version [S44]', `${POLLING}&EIO=3`, 'GET', 400],
  ])('is not %s', async (_what, path, method, status) => {
    const before = seatsOf(place);
    expect((await fetch(place.url + path, { method })).status).toBe(status);
    expect(seatsOf(place)).toBe(before);
  });

  it.each([
    ['an old client', BY_SOCKET.replace('EIO=4', 'EIO=3'), 'unsupported-client'],
    ['a client of no version', BY_SOCKET.replace('EIO=4&', ''), 'unsupported-client'],
    ['one who names another transport', POLLING, 'bad-request'],
    ['one who names two [S44]', `${BY_SOCKET}&transport=polling`, 'bad-request'],
    ['an empty session [S44]', `${BY_SOCKET}&sid=`, 'bad-request'],
    ['a second session [S44]', `${BY_SOCKET}&sid=&sid=x`, 'bad-request'],
    ['a second ticket [S44]', `${BY_SOCKET}&ticket=a&ticket=b`, 'bad-request'],
  ])('is not %s by WebSocket, which is said before there is one', async (_who, path, code) => {
    const before = seatsOf(place);
    const { status, body } = await refusal(place.url.replace('http', 'ws') + path);
    expect([status, JSON.parse(body)]).toEqual([400, expect.objectContaining({ code })]);
    expect(seatsOf(place)).toBe(before);
  });

  it('is answered at once where it polls a session that has gone over to a WebSocket', async () => {
    const client = await joinBySocketIo(place, tokens, { transports: ['websocket'] });
    const session = `sid=${client.raw.io.engine.id}`;
    for (const path of [POLLING, BY_SOCKET]) {
      expect((await fetch(`${place.url}${path}&${session}`)).status).toBe(400);
    }
    await client.roundTrip();
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
