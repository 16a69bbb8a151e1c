import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { REFUSAL_CODES } from '@parley/protocol';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest, join, PASSWORD, type Tokens } from '../../support/people.js';
import { say, untilIndexed, whisper } from '../search/library.js';
import { describeChanges } from './describe-changes.js';
import { describeFiles } from './describe-files.js';
import { describeRooms } from './describe-rooms.js';
import { HttpContract } from './http-contract.js';

/** Files of the pages for people; the document is about the contract for programs. */
const FILES = new Set([
  'GET /',
  'GET /assets/{file}',
  'GET /favicon.svg',
  'GET /docs/assets/{file}',
  'GET /socket.io/{file}',
]);

/** Seen elsewhere: the socket's own tests; a full queue, a broken disk; a store beside the service. */
const ELSEWHERE = / (101|302|429|503)$/;

/** Calls whose bodies are any bytes, and which have none in their answers. */
const OF_FILES = '/attachments/{id}/content';

interface Layer {
  readonly route?: {
    readonly path: string;
    readonly stack: readonly { readonly method: string }[];
  };
}

describe('the OpenAPI document', () => {
  let service: RunningApp;
  let http: HttpContract;
  let ann: Tokens;
  let bob: Tokens;

  beforeAll(async () => {
    service = await startApp();
    http = new HttpContract(service.url);
    [ann, bob] = await Promise.all([guest(service, 'ann'), guest(service, 'bob')]);
  });

  it('has schemas that mean something', () => {
    for (const name of http.contract.schemas) {
      expect(() => http.contract.fault(name, null)).not.toThrow();
    }
  });

  it('knows every code of the service', () => {
    const problem = http.contract.document.components.schemas['Problem'] as {
      properties: { code: { enum: string[] } };
    };
    expect(problem.properties.code.enum.toSorted()).toEqual([...REFUSAL_CODES].sort());
  });

  it('has every route of the service, and no other', () => {
    const express = (service.app as NestExpressApplication).getHttpAdapter().getInstance();
    const { stack } = (express as unknown as { router: { stack: readonly Layer[] } }).router;
    const routes = stack.flatMap(({ route }) =>
      (route?.stack ?? []).map(({ method }) => {
        const path = (route?.path ?? '').replaceAll(/:(\w+)/g, '{$1}');
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    const known = routes.filter((route) => !FILES.has(route) && !route.includes('*'));
    expect([...new Set(known)].sort()).toEqual([...http.operations].sort());
  });

  it('describes accounts and sessions', async () => {
    const credentials = { username: 'carla', password: PASSWORD };
    await http.call('GET /auth/options', 200);
    await http.call('POST /auth/register', 201, { body: credentials });
    await http.call('POST /auth/register', 409, { body: credentials });
    await http.call('POST /auth/register', 400, { body: { ...credentials, password: 'short' } });
    await http.call('POST /auth/login', 400, { body: {} });
    await http.call('POST /auth/login', 401, { body: { ...credentials, password: 'wrong again' } });
    const carla = await http.call<Tokens>('POST /auth/login', 200, { body: credentials });
    const body = { refresh_token: carla.refresh_token };
    const renewed = await http.call<Tokens>('POST /auth/refresh', 200, { body });
    const token = renewed.access_token;
    await http.call('GET /auth/me', 200, { token });
    await http.call('GET /auth/me', 401);
    await http.call('POST /auth/ticket', 201, { token });
    await http.call('POST /auth/ticket', 401);
    const change = { current_password: PASSWORD, new_password: `${PASSWORD} 2` };
    await http.call('POST /auth/password', 403, {
      token,
      body: { ...change, current_password: 'wrong again' },
    });
    await http.call('POST /auth/password', 400, { token, body: { ...change, new_password: 'x' } });
    await http.call('POST /auth/password', 401, { body: change });
    await http.call('POST /auth/password', 204, { token, body: change });
    await http.call('POST /auth/logout', 204, { token });
    await http.call('POST /auth/logout', 401);
    await http.call('POST /auth/refresh', 401, { body });
    await http.call('POST /auth/refresh', 400, { body: {} });
  });

  it('describes guests', async () => {
    await http.call('POST /auth/guest', 201);
    await http.call('POST /auth/guest', 201, { body: { username: 'dora' } });
    await http.call('POST /auth/guest', 409, { body: { username: 'dora' } });
    await http.call('POST /auth/guest', 400, { body: { username: 7 } });
  });

  it('describes what is switched off', async () => {
    const closed = await startApp({ REGISTRATION: 'false', GUESTS: 'false' });
    const elsewhere = new HttpContract(closed.url);
    const body = { username: 'carla', password: PASSWORD };
    await elsewhere.call('POST /auth/register', 403, { body });
    await elsewhere.call('POST /auth/guest', 403);
    for (const answer of elsewhere.seen) http.seen.add(answer);
  });

  it.each(['register', 'login', 'guest', 'refresh', 'password'])(
    'describes bodies that %s does not read',
    async (name) => {
      const token = ann.access_token;
      const body = { username: 'x'.repeat(100_000) };
      await http.call(`POST /auth/${name}`, 413, { token, body });
      await http.call(`POST /auth/${name}`, 415, { token, body: {}, type: 'text/plain' });
    },
  );

  it('describes what was said', async () => {
    const token = ann.access_token;
    const [annSocket, bobSocket] = [await join(service, ann), await join(service, bob)];
    annSocket.send({ type: 2, data: 'hello' });
    annSocket.send({ type: 3, data: 'hello', to: 'bob' });
    await bobSocket.next({ type: 2, data: 'hello' });
    await bobSocket.next({ type: 3 });
    for (const [what, path, stranger, refused] of [
      ['/rooms/{room}', { room: 'lobby' }, { room: 'secret' }, 403],
      ['/direct/{username}', { username: 'bob' }, { username: 'nobody' }, 404],
    ] as const) {
      const page = await http.call(`GET ${what}/messages`, 200, { path, token, query: 'limit=5' });
      expect(page).toMatchObject({ items: [{ data: 'hello' }], head: 1 });
      await http.call(`GET ${what}/messages`, 400, { path, token, query: 'limit=-1' });
      await http.call(`GET ${what}/messages`, 401, { path });
      await http.call(`GET ${what}/messages`, refused, { path: stranger, token });
      for (const format of ['ndjson', 'json', 'csv', 'txt']) {
        await http.call(`GET ${what}/export`, 200, { path, token, query: `format=${format}` });
      }
      await http.call(`GET ${what}/export`, 400, { path, token, query: 'format=xml' });
      await http.call(`GET ${what}/export`, 401, { path });
      await http.call(`GET ${what}/export`, refused, { path: stranger, token });
    }
    await describeReading(token);
    await http.call('GET /direct', 200, { token });
    await http.call('GET /direct', 400, { token, query: 'limit=x' });
    await http.call('GET /direct', 401);
  });

  async function describeReading(token: string): Promise<void> {
    for (const [call, path, stranger, refused] of [
      ['PUT /rooms/{room}/read', { room: 'lobby' }, { room: 'secret' }, 403],
      ['PUT /direct/{username}/read', { username: 'bob' }, { username: 'nobody' }, 404],
    ] as const) {
      await http.call(call, 200, { path, token, body: { seq: 1 } });
      await http.call(call, 400, { path, token, body: { seq: -1 } });
      await http.call(call, 401, { path, body: { seq: 1 } });
      await http.call(call, refused, { path: stranger, token, body: { seq: 1 } });
    }
    const many = 'PUT /conversations/read';
    await http.call(many, 200, { token, body: { data: { lobby: 1, '@bob': 1 } } });
    await http.call(many, 200, { token, body: { data: 'all' } });
    const marks = { lobby: 1, '@bob': 1 };
    expect(await http.call(many, 200, { token, body: marks })).toEqual({ data: marks });
    expect(await http.call(many, 200, { token, body: '"all"' })).toEqual({ data: 'all' });
    await http.call(many, 403, { token, body: { data: 7 } });
    await http.call(many, 400, { token, body: { data: 'most' } });
    await http.call(many, 401, { body: { data: 'all' } });
    await http.call(many, 403, { token, body: { data: { secret: 1 } } });
    await http.call(many, 404, { token, body: { data: { '@nobody': 1 } } });
    const readers = 'GET /rooms/{room}/messages/{seq}/readers';
    await http.call(readers, 200, { path: { room: 'lobby', seq: '1' }, token });
    await http.call(readers, 400, { path: { room: 'lobby', seq: 'x' }, token });
    await http.call(readers, 401, { path: { room: 'lobby', seq: '1' } });
    await http.call(readers, 403, { path: { room: 'secret', seq: '1' }, token });
    const list = await http.call('GET /conversations', 200, { token });
    expect(list).toMatchObject({ items: [{ unread: 0 }, { unread: 0 }], next: null });
    await http.call('GET /conversations', 400, { token, query: 'after=1.' });
    await http.call('GET /conversations', 401);
  }

  it('describes rooms, and who is in them', async () => {
    const store = service.app.get(RoomStore, { strict: false });
    await describeRooms(http, store, ann, bob);
  });

  it('describes messages that change', async () => {
    await describeChanges(http, service, ann, bob);
  });

  it('describes files', async () => {
    const small = await startApp({ ATTACHMENT_QUOTA: '10' });
    const elsewhere = new HttpContract(small.url);
    const { access_token: token } = await guest(small);
    const body = { name: 'a', size: 11, type: 'text/plain' };
    await elsewhere.call('POST /attachments', 409, { token, body });
    for (const answer of elsewhere.seen) http.seen.add(answer);
    await describeFiles(http, ann, bob);
  });

  it('describes what is found', async () => {
    const token = ann.access_token;
    const search = 'GET /search';
    await untilIndexed(service, ann);
    await say(service, bob.user, 'found in the lobby');
    await whisper(service, bob.user, ann.user, 'found in private');
    await untilIndexed(service, ann);
    const found = await http.call(search, 200, { token, query: 'q=found&from=bob&limit=1' });
    expect(found).toMatchObject({ items: [{ highlights: [[0, 5]] }], next: expect.any(String) });
    await http.call(search, 200, { token, query: 'q=found&with=bob&has=link&after=1&before=9' });
    await http.call(search, 400, { token, query: 'q=-x' });
    await http.call(search, 401, { query: 'q=x' });
    await http.call(search, 403, { token, query: 'q=x&room=secret' });
    await http.call(search, 404, { token, query: 'q=x&with=nobody' });
  });

  it('describes who is here', async () => {
    const token = ann.access_token;
    const list = await http.call('GET /presence', 200, { token });
    expect(list).toMatchObject({ total: 2 });
    await http.call('GET /presence', 400, { token, query: 'after=' });
    await http.call('GET /presence', 401, { token: 'forged' });
  });

  it('describes health, itself, and its companion', async () => {
    await http.call('GET /health/live', 200);
    await http.call('GET /chat', 426);
    await http.call('GET /health/ready', 200);
    await http.call('GET /docs', 200);
    await http.call('GET /docs/openapi.json', 200);
    await http.call('GET /docs/asyncapi.json', 200);
  });

  const ALL = new HttpContract('').operations;
  const KNOWN = ALL.filter((call) => !call.endsWith(OF_FILES));

  it.each(ALL)('describes what %s is told of headers that nobody can read', async (call) => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, at) => [`x-${String(at)}`, '']),
    );
    await http.callOddly(call, 400, { host: 'x y' });
    await http.callOddly(call, 431, many);
    // Which method it is, is not known yet: the answer has a body, which none to a HEAD may have.
    if (call.startsWith('HEAD ')) return;
    await http.callOddly(call, 431, { 'x-long': 'x'.repeat(20_000) });
  });

  it.each(KNOWN)('describes what %s is told of a body that nobody can read', async (call) => {
    const json = { 'content-type': 'application/json' };
    await http.callOddly(call, 400, json, '{"broken');
    await http.callOddly(call, 413, json, `"${'x'.repeat(100_000)}"`);
    await http.callOddly(call, 415, { 'content-type': 'text/plain' }, 'hello');
  });

  it('describes what is told of a request that does not arrive', async () => {
    const impatient = await startApp({ HANDSHAKE_TIMEOUT: '1' });
    const elsewhere = new HttpContract(impatient.url);
    const headers = { 'content-type': 'application/json' };
    await Promise.all(KNOWN.map((call) => elsewhere.callOddly(call, 408, headers, '{', 9)));
    for (const answer of elsewhere.seen) http.seen.add(answer);
  });

  it('describes the answers to an upgrade that is refused', async () => {
    const upgrade = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'content-length': '0' },
    };
    await http.callOddly('GET /chat', 403, { ...upgrade, origin: 'https://evil.example' });
    await http.callOddly('GET /chat', 400, { ...upgrade, 'sec-websocket-key': 'x' });
    await http.callOddly('GET /chat', 426, { ...upgrade, 'sec-websocket-version': '8' });
  });

  it('says of each call that needs the store that it may be unavailable', () => {
    const withoutStore = ['GET /auth/options', 'GET /auth/me', 'GET /health/live', 'GET /docs'];
    const silent = http.operations.filter((call) => !http.answers.includes(`${call} 503`));
    expect(silent).toEqual([...withoutStore, 'GET /docs/openapi.json', 'GET /docs/asyncapi.json']);
  });

  it('says nothing that was not seen to be so', () => {
    const unseen = http.answers.filter((one) => !http.seen.has(one) && !ELSEWHERE.test(one));
    expect(unseen).toEqual([]);
  });
});
