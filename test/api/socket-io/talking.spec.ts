import { beforeAll, describe, expect, it } from '@jest/globals';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { PeopleList } from '../../../src/gateway/presence/people-list.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { hold } from '../../support/hold.js';
import { buyTicket, enter, guest, type Tokens } from '../../support/people.js';
import { type ClientOptions, dial, joinBySocketIo } from '../../support/socket-io-client.js';

const WAYS: readonly (readonly [string, ClientOptions])[] = [
  ['a WebSocket', { transports: ['websocket'] }],
  ['long polling', { transports: ['polling'] }],
  ['long polling and then a WebSocket', {}],
];

describe.each(WAYS)('A Socket.IO client by %s', (_way, options) => {
  let place: RunningApp;

  beforeAll(async () => {
    place = await startApp();
  });

  it('is welcomed, and hears and says what native clients say and hear', async () => {
    const ann = await enter(place, 'ann');
    const ben = await joinBySocketIo(place, await guest(place, 'ben'), options);
    ann.socket.send({ type: 2, data: 'hello, ben' });
    const heard = await ben.next({ type: 2, data: 'hello, ben' });
    expect(await ann.socket.next({ type: 2, data: 'hello, ben' })).toEqual(heard);
    ben.raw.emit('2', { data: 'hello, ann' });
    const said = await ann.socket.next({ type: 2, data: 'hello, ann' });
    expect(said).toMatchObject({ user: { username: 'ben' }, room: 'lobby', seq: 2 });
    ben.raw.emit('3', { data: 'psst', to: 'ann' });
    expect(await ann.socket.next({ type: 3 })).toMatchObject({ data: 'psst', to: 'ann' });
    ann.socket.send({ type: 3, data: 'yes?', to: 'ben' });
    expect(await ben.next({ type: 3 })).toMatchObject({ data: 'yes?', to: 'ben', seq: 2 });
    await ben.roundTrip();
    expect(ben.frames.some((frame) => frame.data === 'hello, ann')).toBe(false);
  });

  it('gets the list as an array', async () => {
    const client = await joinBySocketIo(place, await guest(place, 'lister'), options);
    client.raw.emit('1');
    const { data } = await client.next({ type: 1 });
    expect(data).toContainEqual(expect.objectContaining({ username: 'lister' }));
  });

  it('is told by its callback that typing was heard, or why not: nothing else answers it', async () => {
    const ann = await enter(place, 'typed-to');
    const client = await joinBySocketIo(place, await guest(place, 'typist'), options);
    expect(await client.ask(10, { to: 'typed-to' })).toEqual({});
    await ann.socket.next({ type: 10, to: 'typist', total: 1 } as object);
    expect(await client.ask(10, { to: 'typed-to', data: false, ref: 'mine' })).toEqual({});
    await ann.socket.next({ type: 10, to: 'typist', total: 0 } as object);
    expect(await client.ask(10, { room: 'others' })).toMatchObject({ code: 'not-a-member' });
    client.raw.emit('10', { ref: 'nobody waits' });
    await client.roundTrip();
    expect(client.frames.filter(({ ref }) => ref === 'nobody waits')).toEqual([]);
  });

  it('gets the answer in its callback', async () => {
    const client = await joinBySocketIo(place, await guest(place, 'caller'), options);
    expect(await client.ask(2, { data: 'stored?' })).toEqual({
      id: expect.any(String),
      seq: expect.any(Number),
      time: expect.any(Number),
    });
    expect(await client.ask(2, { data: '' })).toEqual({
      code: 'invalid-field',
      field: 'data',
      data: expect.any(String),
      retryable: false,
    });
    expect(await client.ask(2, { data: 'x', ref: 7 })).toMatchObject({ code: 'invalid-field' });
    expect(await client.ask(77, {})).toMatchObject({ code: 'unknown-type' });
    expect(await client.ask(1, {})).toMatchObject({ data: expect.any(Array) });
    expect(client.frames.some(({ type }) => type === 6 || type === 7)).toBe(false);
  });

  it('gets each answer in its own callback, also while a Sync is under way', async () => {
    const own = await startApp();
    const ann = await enter(own, 'ann');
    const client = await joinBySocketIo(own, await guest(own, 'ben'), options);
    ann.socket.send({ type: 3, data: 'missed?', to: 'ben', ref: 'a' });
    await ann.socket.next({ type: 6 });
    const readOn = hold(own.app.get(EventLog), 'page');
    const list = hold(own.app.get(PeopleList), 'current');
    const synced = client.ask(8, { data: { '@ann': 0 }, ref: 'same' });
    const refused = client.ask(8, { data: { '@ann': 0 }, ref: 5 });
    client.raw.emit('8', { data: { admins: 0 } });
    expect(await client.ask(2, { data: 'x', ref: 'same' })).toMatchObject({ seq: 1 });
    const listed = client.ask(1, {});
    readOn();
    expect(await synced).toEqual({ data: { '@ann': { seq: 1, complete: true } } });
    expect(await refused).toMatchObject({ code: 'invalid-field', field: 'ref' });
    expect(await client.next({ type: 7 })).toMatchObject({ code: 'not-a-member' });
    list();
    expect(await listed).toMatchObject({ data: expect.any(Array), total: 2 });
  });

  it('gets the answer as an event where it gives a ref and no callback', async () => {
    const ann = await enter(place, 'writer');
    const tokens = await guest(place);
    const client = await joinBySocketIo(place, tokens, options);
    ann.socket.send({ type: 3, data: 'moves where it stands', to: tokens.user.username });
    await client.next({ type: 3 });
    client.raw.emit('2', { data: 'stored?', ref: 'mine' });
    expect(await client.next({ type: 6 })).toMatchObject({ ref: 'mine', room: 'lobby' });
    client.raw.emit('77', { ref: 'odd' });
    expect(await client.next({ type: 7 })).toMatchObject({ ref: 'odd', code: 'unknown-type' });
  });

  it('gets event 0 and is disconnected for good where its token is bad', async () => {
    const client = dial(place.url, { ...options, auth: { token: 'nonsense' } });
    expect(await client.next({ type: 0 })).toEqual({
      type: 0,
      user: null,
      data: expect.any(String),
      code: 'invalid-token',
    });
    if (client.partings.length === 0) await client.until('disconnect');
    expect(client.partings).toEqual(['io server disconnect']);
    expect(client.raw.active).toBe(false);
    expect(client.frames).toHaveLength(1);
  });
});

describe('A Socket.IO client', () => {
  let place: RunningApp;
  let tokens: Tokens;

  beforeAll(async () => {
    place = await startApp();
    tokens = await guest(place, 'opener');
  });

  it.each<[string, () => Promise<ClientOptions> | ClientOptions]>([
    ['auth.token', () => ({ auth: { token: tokens.access_token } })],
    ['query.token', () => ({ query: { token: tokens.access_token } })],
    ['a header', () => ({ extraHeaders: { authorization: `Bearer ${tokens.access_token}` } })],
    [
      'auth.ticket',
      async () => ({ auth: { ticket: await buyTicket(place, tokens.access_token) } }),
    ],
    [
      'query.ticket',
      async () => ({ query: { ticket: await buyTicket(place, tokens.access_token) } }),
    ],
  ])('may bring its token in %s', async (_where, options) => {
    const client = dial(place.url, await options());
    expect(await client.next({ type: 2, user: null })).toMatchObject({ self: tokens.user });
  });

  it('of the old kind works unchanged', async () => {
    const ann = await enter(place, 'ann');
    const url = `${place.url.replace('http', 'ws')}?token=${tokens.access_token}`;
    const client = dial(url);
    const heard = new Promise<unknown>((resolve) => {
      client.raw.on('2', ({ user, data }: { user: object | null; data: string }) => {
        if (user !== null) resolve(data);
      });
    });
    await client.next({ type: 2, user: null });
    ann.socket.send({ type: 2, data: 'old friend' });
    expect(await heard).toBe('old friend');
    // Old pages give numbers, too, which the client's types leave out.
    client.raw.emit(2 as unknown as string, { data: 'by number' });
    await ann.socket.next({ type: 2, data: 'by number' });
  });

  it('can be loaded from where old pages load it, and nothing beside it', async () => {
    const response = await fetch(`${place.url}/socket.io/socket.io.js`);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(await response.text()).toContain('Socket.IO v4');
    expect((await fetch(`${place.url}/socket.io/socket.io.js.map`)).status).toBe(404);
    expect((await fetch(`${place.url}/socket.io/..%2fpackage.json`)).status).toBe(404);
  });
});
