import { beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { buyTicket, enter, guest, type Member, type Tokens } from '../../support/people.js';
import { connect, refusal } from '../../support/ws-client.js';

describe('Opening a socket', () => {
  let place: RunningApp;
  let tokens: Tokens;
  let bystander: Member;

  beforeAll(async () => {
    place = await startApp({ ALLOWED_ORIGINS: 'https://chat.example.org' });
    tokens = await guest(place, 'opener');
    bystander = await enter(place, 'watcher');
  });

  it.each([
    ['in the query', () => ({ token: tokens.access_token })],
    ['in a header', () => ({ headers: { authorization: `Bearer ${tokens.access_token}` } })],
  ])('takes a token %s', async (_where, options) => {
    const socket = await connect(place.wsUrl, options());
    expect(await socket.next({ type: 2, user: null })).toMatchObject({ self: tokens.user });
  });

  it.each([
    ['a token twice', 'bad-request', (token: string) => `token=${token}&token=${token}`],
    ['an empty token before another', 'bad-request', (token: string) => `token=&token=${token}`],
    ['resume twice', 'bad-request', (token: string) => `token=${token}&resume=1&resume=0`],
    ['a token as an array', 'invalid-field', (token: string) => `token[]=${token}`],
    ['a name encoded twice', 'invalid-field', (token: string) => `%2574oken=${token}`],
  ])('refuses %s with 400, before 101 [S44]', async (_what, code, query) => {
    const { status, body } = await refusal(`${place.wsUrl}?${query(tokens.access_token)}`);
    expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([400, code]);
    expect(body).not.toContain(tokens.access_token);
  });

  it('takes an empty token for none [S44]', async () => {
    const socket = await connect(`${place.wsUrl}?token=`);
    expect(await socket.next({ type: 0 })).toMatchObject({ code: 'unauthorized' });
  });

  it('takes a ticket, once [S4]', async () => {
    const ticket = await buyTicket(place, tokens.access_token);
    const first = await connect(place.wsUrl, { ticket });
    expect(await first.next({ type: 2, user: null })).toMatchObject({ self: tokens.user });
    const second = await connect(place.wsUrl, { ticket });
    expect(await second.next({ type: 0 })).toMatchObject({ code: 'invalid-token' });
    expect((await second.closed()).code).toBe(4401);
  });

  it('takes a ticket once even where fifty come at once [S4]', async () => {
    const ticket = await buyTicket(place, tokens.access_token);
    const sockets = await Promise.all(
      Array.from({ length: 50 }, () => connect(place.wsUrl, { ticket })),
    );
    const firsts = await Promise.all(sockets.map((socket) => socket.next(() => true)));
    expect(firsts.filter((frame) => frame.type === 2)).toHaveLength(1);
    expect(firsts.filter((frame) => frame.code === 'invalid-token')).toHaveLength(49);
  });

  it.each([
    ['without a token', {}, 'unauthorized'],
    ['with a token that is none', { token: 'nonsense' }, 'invalid-token'],
    ['with an unknown ticket', { ticket: 'nonsense' }, 'invalid-token'],
  ])('answers one Error frame and 4401 %s [S2]', async (_case, options, code) => {
    const socket = await connect(place.wsUrl, options);
    expect((await socket.closed()).code).toBe(4401);
    expect(socket.frames).toEqual([{ type: 0, user: null, data: expect.any(String), code }]);
  });

  it('handles no frame of somebody who is not let in [S2]', async () => {
    const socket = await connect(place.wsUrl, { token: 'nonsense' });
    socket.send({ type: 2, data: 'let me in' });
    expect((await socket.closed()).code).toBe(4401);
    await bystander.socket.roundTrip();
    expect(bystander.socket.frames.some((frame) => frame.data === 'let me in')).toBe(false);
  });

  it('keeps nothing of those who are not let in: no connection, no presence, no place [S2]', async () => {
    const own = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: '5' });
    const { socket } = await enter(own, 'inside');
    for (let i = 0; i < 20; i++) {
      const refused = await connect(own.wsUrl, { token: 'nonsense' });
      expect(own.app.get(ConnectionRegistry).size).toBe(1);
      await refused.closed();
    }
    socket.send({ type: 1, ref: 'who' });
    const list = await socket.next({ type: 1, ref: 'who' });
    expect(JSON.parse(String(list.data))).toHaveLength(1);
    await enter(own, 'next');
  });

  it('takes no token that was forged [S5]', async () => {
    const [head = '', payload = '', signature = ''] = tokens.access_token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const other = Buffer.from(payload, 'base64url').toString().replace('opener', 'watcher');
    for (const token of [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${head}.${Buffer.from(other).toString('base64url')}.${signature}`,
    ]) {
      const socket = await connect(place.wsUrl, { token });
      expect((await socket.closed()).code).toBe(4401);
      expect(socket.frames).toEqual([expect.objectContaining({ type: 0, code: 'invalid-token' })]);
    }
  });

  it('tells no token of an address back, whatever it refuses [S3]', async () => {
    const { access_token: token } = tokens;
    const http = place.url.replace('http', 'ws');
    const refusals = [
      await refusal(`${http}/nowhere`, { token }),
      await refusal(place.wsUrl, { token, headers: { origin: 'https://evil.example' } }),
      await refusal(place.wsUrl, { token, headers: { 'sec-websocket-protocol': 'a,,b' } }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([404, 403, 400]);
    for (const path of ['/chat', '/nowhere', '/auth/me', '/rooms/lobby/messages?limit=x']) {
      const url = new URL(path, place.url);
      url.searchParams.set('token', token);
      const answer = await fetch(url);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      refusals.push({ status: answer.status, headers: {}, body: await answer.text() });
      expect(JSON.stringify([...answer.headers])).not.toContain(token);
    }
    const socket = await connect(place.wsUrl, { token: `${token}x` });
    const { reason } = await socket.closed();
    for (const text of [JSON.stringify(refusals), JSON.stringify(socket.frames), reason]) {
      for (const part of token.split('.')) expect(text).not.toContain(part);
    }
  });

  it('answers a frame that came before the welcome after it', async () => {
    const socket = await connect(place.wsUrl, { token: tokens.access_token });
    socket.send({ type: 1, ref: 'early' });
    await socket.next({ type: 1, ref: 'early' });
    expect(socket.frames[0]).toMatchObject({ type: 2, user: null });
  });

  it.each(['/nowhere', '/chat/', '/chat/x', '/CHAT', '/socket'])(
    'answers 404 on the wrong path %s [S27]',
    async (path) => {
      const url = place.url.replace('http', 'ws') + path;
      const { status, body } = await refusal(url, { token: tokens.access_token });
      expect(status).toBe(404);
      expect(JSON.parse(body)).toMatchObject({ status: 404, code: 'not-found' });
    },
  );

  it.each(['https://evil.example', 'null', 'https://chat.example.org.evil.example'])(
    'answers 403 to the origin %s [S1]',
    async (origin) => {
      const options = { token: tokens.access_token, headers: { origin } };
      const { status, body } = await refusal(place.wsUrl, options);
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ code: 'foreign-origin' });
      expect(body).not.toContain('example');
    },
  );

  it('lets in the allowed origin, and its own', async () => {
    for (const origin of ['https://chat.example.org', place.url]) {
      const socket = await connect(place.wsUrl, {
        token: tokens.access_token,
        headers: { origin },
      });
      await socket.next({ type: 2, user: null });
    }
  });

  it.each(['ticket=a&ticket=b', 'token=a&token=', 'resume=1&resume=0', 'x=1&x=1'])(
    'answers 400 to who says something twice: %s [S44]',
    async (query) => {
      const { status, body } = await refusal(`${place.wsUrl}?${query}`);
      expect([status, JSON.parse(body)]).toEqual([
        400,
        expect.objectContaining({ code: 'bad-request' }),
      ]);
    },
  );

  it('answers 426 to who asks for its path without asking for a socket', async () => {
    const response = await fetch(`${place.url}/chat`);
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ code: 'upgrade-required' });
  });

  it('negotiates no compression [S19]', async () => {
    const socket = await connect(place.wsUrl, { token: tokens.access_token });
    expect(socket.raw.extensions).toBe('');
  });
});

describe('Too many sockets', () => {
  it('of one person are refused with 429, and others are not [S28]', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_USER: '2' });
    const { tokens, socket } = await enter(place, 'many');
    const second = await connect(place.wsUrl, { token: tokens.access_token });
    await second.next({ type: 2, user: null });
    const { status } = await refusal(place.wsUrl, { token: tokens.access_token });
    expect(status).toBe(429);
    await enter(place, 'other');
    await socket.close();
    await expect(connect(place.wsUrl, { token: tokens.access_token })).resolves.toBeDefined();
  });

  it('of one address are refused with 429 before the token is looked at [S28]', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    await enter(place, 'one');
    await enter(place, 'two');
    const { status, body } = await refusal(place.wsUrl, { token: 'nonsense' });
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({ code: 'too-many-connections', retryable: true });
  });

  it('in a short time are refused with 429 and a time to wait [S28]', async () => {
    const place = await startApp({ CONNECT_RATE: '2' });
    await enter(place, 'one');
    await enter(place, 'two');
    const { status, headers } = await refusal(place.wsUrl, { token: 'nonsense' });
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('in all are refused with 429, and those who are here go on [S28]', async () => {
    const place = await startApp({ MAX_CONNECTIONS: '2' });
    const one = await enter(place, 'one');
    const two = await enter(place, 'two');
    const three = await guest(place, 'three');
    const { status, body } = await refusal(place.wsUrl, { token: three.access_token });
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({ code: 'too-many-connections', retryable: true });
    one.socket.send({ type: 2, data: 'still here' });
    await two.socket.next({ type: 2, data: 'still here' });
  });

  it('of one address are not told apart by a header that nobody vouches for [S29]', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const { access_token: token } = await guest(place, 'many');
    const from = (host: number): { token: string; headers: Record<string, string> } => ({
      token,
      headers: { 'x-forwarded-for': `192.0.2.${host}`, forwarded: `for=192.0.2.${host}` },
    });
    await connect(place.wsUrl, from(1));
    await connect(place.wsUrl, from(2));
    expect((await refusal(place.wsUrl, from(3))).status).toBe(429);
  });
});
