import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { AppModule } from '../../../src/app.module.js';
import { loadSettings } from '../../../src/config/load.js';
import { GatewayAdapter } from '../../../src/gateway/commands/gateway.adapter.js';
import { DirectExpressAdapter } from '../../../src/http/express-adapter.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join, type Member, register, type Tokens } from '../../support/people.js';
import { temporaryFolder, TEST_ENVIRONMENT } from '../../support/service.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import type { ChatSocket } from '../../support/ws-client.js';

/** Units at once: five seconds' worth. */
const RATE = 2;
const BURST = 5 * RATE;
/** More of anything than the bucket pays for, and fewer refusals than end a connection. */
const MANY = 25;

async function call(place: RunningApp, path: string, tokens?: Tokens, method = 'GET') {
  const response = await fetch(place.url + path, {
    method,
    headers: tokens ? { authorization: `Bearer ${tokens.access_token}` } : {},
  });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body };
}

describe('What a person has the service do', () => {
  let place: RunningApp;
  let bystander: Member;
  let count = 0;

  beforeAll(async () => {
    place = await startApp({ COMMAND_RATE: String(RATE) });
    bystander = await enter(place, 'bystander');
  });

  const newcomer = (): Promise<Member> => enter(place, `flood${String(++count)}`);

  async function bystanderIsServed(): Promise<void> {
    const { socket } = bystander;
    const ref = `after ${String(++count)}`;
    socket.send({ type: 2, data: 'still here', ref });
    await socket.next({ type: 6, ref });
  }

  it.each<[string, (self: Tokens, n: number) => object | string | Buffer]>([
    ['lists', (_self, n) => ({ type: 1, ref: `r${n}` })],
    ['Syncs of nothing', (_self, n) => ({ type: 8, data: {}, ref: `r${n}` })],
    ['Syncs', (_self, n) => ({ type: 8, data: { lobby: 0, '@bystander': 0 }, ref: `r${n}` })],
    ['Renews', (self, n) => ({ type: 9, data: self.access_token, ref: `r${n}` })],
    ['signals of typing', (_self, n) => ({ type: 10, ref: `r${n}` })],
    ['frames that cannot be read', () => '{"type":1'],
    ['frames of an unknown type', (_self, n) => ({ type: 99, ref: `r${n}` })],
    ['frames of a type in a text', (_self, n) => ({ type: '1', ref: `r${n}` })],
    ['frames nested too deeply', () => `{"type":8,"data":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['lists with a field too many', (_self, n) => ({ type: 1, extra: 1, ref: `r${n}` })],
    ['Syncs of what is not one', (_self, n) => ({ type: 8, data: [], ref: `r${n}` })],
    ['binary frames', () => Buffer.from('{"type":1}')],
  ])('is bounded: %s [S45]', async (_what, frame) => {
    const { tokens, socket } = await newcomer();
    for (let n = 0; n < MANY; n++) socket.send(frame(tokens, n));
    const reject = await socket.next({ type: 7, code: 'rate-limited' });
    expect(reject).toMatchObject({ retryable: true, retry_after: expect.any(Number) });
    await bystanderIsServed();
    for (let n = MANY; n < 4 * MANY; n++) socket.send(frame(tokens, n));
    expect((await socket.closed()).code).toBe(1008);
    await bystanderIsServed();
  });

  it('comes out of one bucket for all of their connections, of every transport [S45]', async () => {
    const tokens = await guest(place, 'many-devices');
    const sockets: ChatSocket[] = [];
    for (let n = 0; n < 20; n++) sockets.push(await join(place, tokens));
    const bySocketIo = await joinBySocketIo(place, tokens, { transports: ['websocket'] });
    for (const socket of sockets) socket.send({ type: 1, ref: 'list' });
    const answers = await Promise.all(sockets.map((socket) => socket.next({ ref: 'list' })));
    const lists = answers.filter((one) => one.type === 1);
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.length).toBeLessThanOrEqual(BURST / 2);
    expect(await bySocketIo.ask(1, {})).toMatchObject({ code: 'rate-limited' });
    expect((await call(place, '/auth/me', tokens)).status).toBe(429);
    await bystanderIsServed();
  });

  it.each([
    ['GET', '/auth/me'],
    ['POST', '/auth/ticket'],
    ['GET', '/presence'],
    ['GET', '/presence?limit=200&after=x'],
    ['POST', '/auth/password'],
  ])('is bounded over HTTP, too: %s %s [S45]', async (method, path) => {
    const { tokens, socket } = await newcomer();
    const answers = await Promise.all(
      Array.from({ length: MANY }, () => call(place, path, tokens, method)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse(refused[0]?.body ?? '')).toMatchObject({
      code: 'rate-limited',
      retryable: true,
    });
    socket.send({ type: 9, data: tokens.access_token, ref: 'renew' });
    expect(await socket.next({ ref: 'renew' })).toMatchObject({ code: 'rate-limited' });
    await bystanderIsServed();
  });
});

describe('A command', () => {
  it('costs what its answer turned out to be: a long Sync is owed for [S45]', async () => {
    const place = await startApp({ COMMAND_RATE: '1' });
    const talker = await enter(place, 'talker');
    for (let n = 0; n < 900; n++) talker.socket.send({ type: 2, data: 'x' });
    talker.socket.send({ type: 2, data: 'x', ref: 'last' });
    await talker.socket.next({ type: 6, ref: 'last' });
    const reader = await enter(place, 'reader');
    reader.socket.send({ type: 8, data: { lobby: 0 } });
    expect((await reader.socket.next({ type: 8 })).data).toMatchObject({
      lobby: { seq: 901, complete: true },
    });
    reader.socket.send({ type: 1, ref: 'list' });
    expect(await reader.socket.next({ ref: 'list' })).toMatchObject({ code: 'rate-limited' });
  });
});

describe('A rate of its own', () => {
  it('is what it says, whatever commands may cost [S30]', async () => {
    const place = await startApp({ COMMAND_RATE: '1', MESSAGE_RATE: '20', HISTORY_RATE: '20' });
    const { socket } = await enter(place, 'talker');
    for (let n = 0; n < 40; n++) socket.send({ type: 2, data: 'x', ref: `m${n}` });
    await socket.take(40, { type: 6 });
    expect(socket.rest().filter((frame) => frame.type === 7)).toEqual([]);
    const other = await enter(place, 'reader');
    for (let n = 0; n < 40; n++) {
      const { status } = await call(place, '/rooms/lobby/messages', other.tokens);
      expect(status).toBe(200);
    }
  });
});

describe('What an address asks for without a token', () => {
  let place: RunningApp;
  let tokens: Tokens;

  beforeAll(async () => {
    place = await startApp({ PUBLIC_RATE: '1' });
    tokens = await guest(place, 'somebody');
  });

  it.each([
    ['GET', '/nothing-here', undefined],
    ['GET', '/', undefined],
    ['GET', '/docs/openapi.json', undefined],
    ['GET', '/docs/assets/page.js', undefined],
    ['GET', '/socket.io/socket.io.js', undefined],
    ['GET', '/chat', undefined],
    ['DELETE', '/auth/login', undefined],
    ['POST', '/auth/login', undefined],
    ['GET', '/auth/me', undefined],
    ['GET', '/auth/me', 'not-a-token'],
    ['GET', '/nothing-here', 'not-a-token'],
    ['GET', '/', 'not-a-token'],
  ])('is bounded: %s %s with the token %s [S45]', async (method, path, token) => {
    const bad = token === undefined ? undefined : { ...tokens, access_token: token };
    let last = 0;
    for (let n = 0; n < MANY && last !== 429; n++) {
      last = (await call(place, path, bad, method)).status;
    }
    expect(last).toBe(429);
    // Neither those who have a token nor those who look after the service are affected.
    expect((await call(place, '/auth/me', tokens)).status).toBe(200);
    expect((await call(place, '/health/ready')).status).toBe(200);
  });
});

describe('A crowd of guests that writes to somebody', () => {
  it('may begin so many conversations with them, and nobody else is hindered [S49]', async () => {
    const place = await startApp({ NEW_DIRECT_RATE: '1' });
    const ben = await enter(place, 'ben');
    const old = await enter(place, 'old-friend');
    old.socket.send({ type: 3, to: 'ben', data: 'hello', ref: 'hello' });
    await old.socket.next({ type: 6 });
    const answers: number[] = [];
    for (let n = 0; n < 12; n++) {
      const { socket } = await enter(place, `crowd${n}`);
      socket.send({ type: 3, to: 'ben', data: 'spam', ref: 'spam' });
      answers.push((await socket.next({ ref: 'spam' })).type);
    }
    expect(answers).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7]);
    old.socket.send({ type: 3, to: 'BEN', data: 'again', ref: 'again' });
    await old.socket.next({ type: 6, ref: 'again' });
    const account = await join(place, await register(place, 'colleague'));
    account.send({ type: 3, to: 'ben', data: 'hi', ref: 'hi' });
    await account.next({ type: 6, ref: 'hi' });
    ben.socket.send({ type: 3, to: 'crowd11', data: 'who are you?', ref: 'who' });
    await ben.socket.next({ type: 6, ref: 'who' });
  });
});

@Controller('free')
class FreeController {
  @Get('lunch')
  lunch(): string {
    return 'here';
  }
}

@WebSocketGateway({ path: '/free' })
class FreeGateway {
  @SubscribeMessage(77)
  lunch(): void {
    return;
  }
}

describe('A handler without a cost', () => {
  it.each([
    ['of a call', { controllers: [FreeController] }, 'FreeController.lunch'],
    ['of a command', { providers: [FreeGateway] }, 'FreeGateway.lunch'],
  ])('%s keeps the service from starting, and is named [S45]', async (_what, parts, name) => {
    const settings = loadSettings({ ...TEST_ENVIRONMENT, DATA_DIR: temporaryFolder() });
    @Module({ imports: [AppModule.forRoot(settings)], ...parts })
    class WithFreeHandler {}
    const app = await NestFactory.create(WithFreeHandler, new DirectExpressAdapter(settings), {
      logger: false,
      abortOnError: false,
    });
    app.useWebSocketAdapter(app.get(GatewayAdapter));
    await expect(app.init()).rejects.toThrow(`No cost is declared for: ${name}`);
    await app.close();
  });
});
