import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { bounded, until } from '../../support/bounded.js';
import { enter, guest, type Member } from '../../support/people.js';
import { type ClientOptions, dial, joinBySocketIo } from '../../support/socket-io-client.js';

const WAYS: readonly (readonly [string, ClientOptions])[] = [
  ['a WebSocket', { transports: ['websocket'] }],
  ['long polling', { transports: ['polling'] }],
];

describe.each(WAYS)('A packet by %s', (_way, options) => {
  let place: RunningApp;
  let bystander: Member;

  beforeAll(async () => {
    place = await startApp({ MAX_FRAME_BYTES: '2048' });
    bystander = await enter(place, 'bystander');
  });

  afterEach(async () => {
    await bystander.socket.roundTrip();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['with a field that is not known', { data: 'x', evil: 1 }, 'unknown-field'],
    [
      'with the key __proto__',
      JSON.parse('{"data":"x","__proto__":{"polluted":1}}'),
      'unknown-field',
    ],
    ['with the key constructor', { data: 'x', constructor: 1 }, 'unknown-field'],
    ['nested too deeply', { data: [[[[[[[[[[1]]]]]]]]]] }, 'too-deep'],
    ['without a text', {}, 'invalid-field'],
    ['that is an array', [1], 'bad-json'],
    ['that is a text', 'hello', 'bad-json'],
  ])('%s is refused, to the callback', async (_what, payload, code) => {
    const client = await joinBySocketIo(place, await guest(place), options);
    expect(await client.ask(2, payload as object)).toMatchObject({ code, retryable: false });
  });

  it.each<[string, readonly unknown[], string]>([
    ['of an unknown type', ['77', { ref: 'mine' }], 'unknown-type'],
    ['of no type', ['hello', { ref: 'mine' }], 'unknown-type'],
    ['with more than a payload', ['2', { data: 'x', ref: 'mine' }, 'more'], 'unknown-field'],
    ['nested too deeply', ['2', { data: [[[[[[[[[1]]]]]]]]], ref: 'mine' }], 'too-deep'],
    ['with an unknown field', ['2', { data: 'x', evil: 1, ref: 'mine' }], 'unknown-field'],
  ])('%s: the refusal has its ref, and goes to its callback', async (_what, event, code) => {
    const client = await joinBySocketIo(place, await guest(place), options);
    const [name, ...payload] = event;
    client.raw.emit(String(name), ...payload);
    expect(await client.next({ type: 7 })).toMatchObject({ ref: 'mine', code });
    const answer = new Promise((resolve) => client.raw.emit(String(name), ...payload, resolve));
    expect(await bounded(answer, 'an answer', () => client.seen())).toMatchObject({ code });
  });

  it('that is binary is refused', async () => {
    const client = await joinBySocketIo(place, await guest(place), options);
    client.raw.emit('2', { data: Buffer.from('bytes') });
    expect(await client.next({ type: 7 })).toMatchObject({ code: 'not-text' });
    const bytes = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')];
    expect(await client.ask(2, { data: bytes })).toMatchObject({
      code: 'not-text',
      retryable: false,
    });
    expect(await client.ask(2, { data: 'as text' })).toMatchObject({ seq: expect.any(Number) });
    expect(client.frames.filter(({ type }) => type === 7)).toHaveLength(1);
  });

  it('larger than a frame may be ends the connection', async () => {
    const client = await joinBySocketIo(place, await guest(place), {
      ...options,
      reconnection: false,
    });
    client.raw.emit('2', { data: 'x'.repeat(3_000) });
    await client.until('disconnect');
  });

  it.each([
    ['a word', '/other'],
    ['a path', '/chat/room.1'],
    ['percent-encoded', '/%E5%B9%BF%E5%9C%BA/1'],
    ['long', `/${'long/'.repeat(100)}`],
  ])(
    'to another namespace (%s) is refused by a connect_error, once and for all',
    async (_how, namespace) => {
      const other = dial(place.url + namespace, { ...options, auth: {} });
      const errors: Error[] = [];
      const refused = new Promise<Error>((resolve) => {
        other.raw.on('connect_error', (error) => {
          errors.push(error);
          resolve(error);
        });
      });
      const error = await bounded(refused, 'a connect_error', () => other.seen());
      expect(error).toMatchObject({
        message: 'Invalid namespace',
        data: { code: 'unknown-namespace', retryable: false },
      });
      const ended = (): Promise<true | null> =>
        Promise.resolve(other.raw.io._readyState === 'closed' || null);
      await until(ended, 'the end of the connection', () => other.raw.io._readyState);
      expect([other.raw.active, errors.length]).toEqual([false, 1]);
    },
  );

  it('of the wrong kind, again and again, ends the connection for good', async () => {
    const client = await joinBySocketIo(place, await guest(place), options);
    for (let i = 0; i < 60; i++) client.raw.emit('77', {});
    if (client.raw.connected) await client.until('disconnect');
    expect(client.partings).toEqual(['io server disconnect']);
  });

  it('floods are refused, and then end the connection', async () => {
    const strict = await startApp({ MESSAGE_RATE: '5' });
    const client = await joinBySocketIo(strict, await guest(strict, 'flood'), options);
    for (let i = 0; i < 90; i++) client.raw.emit('2', { data: `flood ${i}` });
    expect(await client.next({ type: 7 })).toMatchObject({ code: 'rate-limited', retryable: true });
    if (client.raw.connected) await client.until('disconnect');
    expect(client.partings).toEqual(['io server disconnect']);
  });
});
