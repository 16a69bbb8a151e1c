import { beforeAll, describe, expect, it } from '@jest/globals';
import { PeopleList } from '../../../src/gateway/presence/people-list.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, type Member } from '../../support/people.js';

const CANARY = 'canary-5f1c';

describe('A frame that is not as it should be', () => {
  let place: RunningApp;
  let bystander: Member;
  let people = 0;

  beforeAll(async () => {
    place = await startApp({ MAX_TEXT_LENGTH: '100', MAX_FRAME_BYTES: '2048' });
    bystander = await enter(place, 'bystander');
  });

  it.each([
    ['no JSON', `{"type":2,"data":"${CANARY}"`, { code: 'bad-json' }],
    ['an array', `[2,"${CANARY}"]`, { code: 'bad-json' }],
    [
      'an unknown type [S24]',
      `{"type":99,"data":"${CANARY}"}`,
      { code: 'unknown-type', field: 'type' },
    ],
    ['a type in a string', `{"type":"2","data":"${CANARY}"}`, { code: 'unknown-type' }],
    ['a type that is not there yet', `{"type":21}`, { code: 'unknown-type', field: 'type' }],
    ['an Error of its own', `{"type":0,"data":"${CANARY}"}`, { code: 'unknown-type' }],
    ['no text', `{"type":2}`, { code: 'invalid-field', field: 'data' }],
    ['an empty text', `{"type":2,"data":""}`, { code: 'invalid-field', field: 'data' }],
    ['blanks only', `{"type":2,"data":"  "}`, { code: 'invalid-field', field: 'data' }],
    ['a text that is none', `{"type":2,"data":{"a":1}}`, { code: 'invalid-field', field: 'data' }],
    [
      'a control character [S35]',
      `{"type":2,"data":"a\\u0000"}`,
      { code: 'invalid-field', field: 'data' },
    ],
    [
      'half a character [S35]',
      `{"type":2,"data":"\\ud800"}`,
      { code: 'invalid-field', field: 'data' },
    ],
    [
      'a text too long',
      JSON.stringify({ type: 2, data: 'x'.repeat(101) }),
      { code: 'text-too-long' },
    ],
    [
      'a room that is not mine [S8]',
      `{"type":2,"data":"x","room":"admins"}`,
      { code: 'not-a-member' },
    ],
    [
      'a ref too long',
      `{"type":2,"data":"x","ref":"${'r'.repeat(65)}"}`,
      { code: 'invalid-field', field: 'ref' },
    ],
    ['no recipient', `{"type":3,"data":"x"}`, { code: 'invalid-field', field: 'to' }],
    ['nobody of that name', `{"type":3,"data":"x","to":"nobody"}`, { code: 'unknown-recipient' }],
    [
      'a seq of its own [S10]',
      `{"type":2,"data":"x","seq":7}`,
      { code: 'unknown-field', field: 'seq' },
    ],
    [
      'a time of its own [S10]',
      `{"type":2,"data":"x","time":7}`,
      { code: 'unknown-field', field: 'time' },
    ],
    ['an id of its own [S10]', `{"type":2,"data":"x","id":"01J"}`, { code: 'unknown-field' }],
    [
      'a sender of its own [S10]',
      `{"type":3,"to":"bystander","data":"x","sender":"1"}`,
      { code: 'unknown-field' },
    ],
    ['another author [S10]', `{"type":2,"data":"x","user":{"id":"1"}}`, { code: 'unknown-field' }],
    ['a made-up field [S24]', `{"type":2,"data":"x","${CANARY}":1}`, { code: 'unknown-field' }],
    ['a prototype [S23]', `{"type":2,"data":"x","__proto__":{"a":1}}`, { code: 'unknown-field' }],
    [
      'too deep a nesting [S22]',
      `{"type":8,"data":${'['.repeat(9)}${']'.repeat(9)}}`,
      { code: 'too-deep' },
    ],
    ['positions that are none', `{"type":8,"data":{"lobby":-1}}`, { code: 'invalid-field' }],
    ["somebody else's room [S11]", `{"type":8,"data":{"admins":0}}`, { code: 'not-a-member' }],
    ['no token', `{"type":9,"data":"${CANARY}"}`, { code: 'invalid-token' }],
  ])('is answered without an echo, and nobody else notices: %s', async (name, frame, answer) => {
    const username = `u${name.replaceAll(/\W/g, '')}`;
    const { socket } = await enter(place, username);
    socket.send(frame);
    if (answer.code === 'invalid-token') {
      expect(await socket.next({ type: 0 })).toMatchObject(answer);
      expect((await socket.closed()).code).toBe(4401);
    } else {
      const reject = await socket.next({ type: 7 });
      expect(reject).toMatchObject({ data: expect.any(String), retryable: false, ...answer });
      socket.send({ type: 2, data: `after ${username}` });
      await socket.next({ type: 2, data: `after ${username}` });
      await bystander.socket.next({ type: 2, data: `after ${username}` });
    }
    expect(JSON.stringify(socket.frames)).not.toContain(CANARY);
  });

  it('gets its ref back, so that the client knows which one it was', async () => {
    const { socket } = await enter(place, 'correlated');
    socket.send({ type: 3, to: 'nobody', data: 'x', ref: 'mine' });
    expect(await socket.next({ type: 7 })).toMatchObject({
      ref: 'mine',
      code: 'unknown-recipient',
    });
  });

  it.each<[string, object | string, string]>([
    ['a type that is not there yet', { type: 21, ref: 'mine' }, 'unknown-type'],
    ['a type of the service', { type: 7, ref: 'mine' }, 'unknown-type'],
    ['a type in a string', { type: '2', data: 'x', ref: 'mine' }, 'unknown-type'],
    ['no type', { data: 'x', ref: 'mine' }, 'unknown-type'],
    ['a type that is a list', { type: [2], data: 'x', ref: 'mine' }, 'unknown-type'],
    ['an unknown field', { type: 2, data: 'x', ref: 'mine', extra: 1 }, 'unknown-field'],
    ['a prototype', '{"type":2,"data":"x","__proto__":{"a":1},"ref":"mine"}', 'unknown-field'],
    ['a nested prototype', '{"type":8,"data":{"constructor":1},"ref":"mine"}', 'unknown-field'],
    ['too deep a nesting', { type: 8, data: [[[[[[[[[1]]]]]]]]], ref: 'mine' }, 'too-deep'],
    ['a text of the wrong kind', { type: 2, data: 5, ref: 'mine' }, 'invalid-field'],
    ['positions of the wrong kind', { type: 8, data: [], ref: 'mine' }, 'invalid-field'],
    ['a text that is too long', { type: 2, data: 'x'.repeat(101), ref: 'mine' }, 'text-too-long'],
    ['nothing to see', { type: 2, data: '\u2800', ref: 'mine' }, 'invalid-field'],
    ['an unknown room', { type: 8, data: { admins: 1 }, ref: 'mine' }, 'not-a-member'],
  ])('gets its ref back wherever it can be read: %s', async (_what, frame, code) => {
    const { socket } = await enter(place, `r${String(++people)}`);
    socket.send(frame);
    expect(await socket.next({ type: 7 })).toMatchObject({ ref: 'mine', code });
  });

  it.each<[string, object | string, string]>([
    ['a number', { type: 2, data: 'x', ref: 5 }, 'invalid-field'],
    ['too long', { type: 2, data: 'x', ref: 'r'.repeat(65) }, 'invalid-field'],
    ['empty, in a frame of no type', { ref: '' }, 'unknown-type'],
    ['in a frame that is cut off', '{"type":2,"ref":"mine"', 'bad-json'],
  ])('gets no ref back that is none: %s', async (_what, frame, code) => {
    const { socket } = await enter(place, `r${String(++people)}`);
    socket.send(frame);
    const reject = await socket.next({ type: 7 });
    expect(reject).toMatchObject({ code });
    expect(reject).not.toHaveProperty('ref');
  });

  it('is refused when it is to oneself', async () => {
    const { socket } = await enter(place, 'narcissus');
    socket.send({ type: 3, to: 'narcissus', data: 'x' });
    expect(await socket.next({ type: 7 })).toMatchObject({ code: 'self-recipient', field: 'to' });
  });

  it('is refused when it is binary', async () => {
    const { socket } = await enter(place, 'binary');
    socket.raw.send(Buffer.from('{"type":1}'));
    expect(await socket.next({ type: 7 })).toMatchObject({ code: 'not-text' });
  });

  it('closes with 1009 when it is larger than a frame may be [S17]', async () => {
    const { socket } = await enter(place, 'oversize');
    socket.send(JSON.stringify({ type: 2, data: 'x'.repeat(3_000) }));
    expect((await socket.closed()).code).toBe(1009);
    await bystander.socket.roundTrip();
  });

  it('closes with 1008 when such frames keep coming [S24]', async () => {
    const { socket } = await enter(place, 'abuser');
    for (let i = 0; i < 60; i++) socket.send('nonsense');
    expect((await socket.closed()).code).toBe(1008);
    await bystander.socket.roundTrip();
  });

  it('does no harm with null where a field is absent', async () => {
    const { socket } = await enter(place, 'nullable');
    socket.send('{"type":2,"data":"hi there","to":null,"room":null,"ref":null,"user":null}');
    await socket.next({ type: 2, data: 'hi there' });
    socket.send('{"type":1,"data":null}');
    await socket.next({ type: 1 });
  });
});

describe('A failure inside of the service', () => {
  it('is told by its code alone, and the session goes on [S39]', async () => {
    const place = await startApp();
    const { socket } = await enter(place, 'unlucky');
    const roster = place.app.get(PeopleList);
    roster.current = async () => {
      throw new Error(`the table of ${CANARY} is gone`);
    };
    socket.send({ type: 1, ref: 'list' });
    expect(await socket.next({ type: 7 })).toEqual({
      type: 7,
      ref: 'list',
      code: 'internal',
      data: expect.any(String),
      retryable: true,
    });
    socket.send({ type: 2, data: 'still here' });
    await socket.next({ type: 2, data: 'still here' });
    expect(JSON.stringify(socket.frames)).not.toContain(CANARY);
  });
});

describe('A flood of messages', () => {
  it('is rejected with a delay, and then with 1008, while others go on [S30]', async () => {
    const place = await startApp({ MESSAGE_RATE: '5' });
    const calm = await enter(place, 'calm');
    const flood = await enter(place, 'flood');
    for (let i = 0; i < 20; i++) flood.socket.send({ type: 2, data: `flood ${i}`, ref: `f${i}` });
    const reject = await flood.socket.next({ type: 7 });
    expect(reject).toMatchObject({ code: 'rate-limited', retryable: true });
    expect(reject.ref).toMatch(/^f\d+$/);
    expect((reject as { retry_after?: number }).retry_after).toBeGreaterThan(0);
    for (let i = 0; i < 60; i++) flood.socket.send({ type: 2, data: `more ${i}` });
    expect((await flood.socket.closed()).code).toBe(1008);
    calm.socket.send({ type: 2, data: 'still here' });
    await calm.socket.next({ type: 2, data: 'still here' });
  });
});
