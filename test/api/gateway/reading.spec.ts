import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { type RunningApp, startApp } from '../../support/app.js';
import { api } from '../../support/reading.js';
import { guest, type Tokens } from '../../support/people.js';
import { onEachTransport } from '../../support/transports.js';
import type { AnyClient } from '../../support/ways-in.js';

const { Read } = FrameType;

onEachTransport(({ join, enter }) => {
  let place: RunningApp;

  beforeAll(async () => {
    place = await startApp({ PRESENCE_GRACE: '0', COMMAND_RATE: '0', MESSAGE_RATE: '0' });
  });

  afterAll(() => place.app.close());

  /** Says so many things. @returns the number of the last one */
  async function say(socket: AnyClient, count: number, to?: string): Promise<number> {
    let seq = 0;
    for (let i = 0; i < count; i++) {
      const ref = String(Math.random());
      socket.send({ type: to === undefined ? 2 : 3, data: 'hi', ref, ...(to && { to }) });
      ({ seq = 0 } = await socket.next({ type: 6, ref }));
    }
    return seq;
  }

  const unreadOf = async (tokens: Tokens, name: string): Promise<unknown> =>
    (await api(place, tokens).conversations()).get(name)?.unread;

  it('A mark tells the other devices how much is unread, and the one that moved it by its ref', async () => {
    const ann = await enter(place, 'ann');
    const second = await join(place, ann.tokens);
    const bob = await enter(place, 'bob');
    const head = await say(bob.socket, 5);
    ann.socket.send({ type: Read, room: 'lobby', seq: head - 2, ref: 'r1' });
    const user = ann.tokens.user;
    const frame = { type: Read, user, room: 'lobby', seq: head - 2, unread: 2, mentions: 0 };
    expect(await ann.socket.next({ type: Read, ref: 'r1' })).toEqual({ ...frame, ref: 'r1' });
    expect(await second.next({ type: Read, user })).toEqual(frame);
    await say(bob.socket, 3, 'ann');
    second.send({ type: Read, to: 'BOB', seq: 2 });
    expect(await ann.socket.next({ type: Read, to: 'bob' })).toEqual({
      ...{ type: Read, user, to: 'bob', seq: 2, unread: 1, mentions: 0 },
    });
    // In private the other one is told as well, without what concerns nobody else.
    const receipt = await bob.socket.next({ type: Read, user });
    expect(receipt).toEqual({ type: Read, user, to: 'bob', seq: 2 });
    expect(await unreadOf(ann.tokens, 'lobby')).toBe(2);
    expect(await unreadOf(ann.tokens, '@bob')).toBe(1);
    for (const one of [ann.socket, second, bob.socket]) await one.close();
  });

  it('A mark moves forward only, never beyond the head, and back where it is set back', async () => {
    const [cleo, dan] = [await enter(place, 'cleo'), await enter(place, 'dan')];
    const second = await join(place, cleo.tokens);
    await say(dan.socket, 5, 'cleo');
    const mark = async (fields: object): Promise<unknown> => {
      const ref = String(Math.random());
      cleo.socket.send({ type: Read, to: 'dan', ref, ...fields });
      const { seq, unread } = (await cleo.socket.next({ type: Read, ref })) as never;
      return [seq, unread];
    };
    expect(await mark({ seq: 3 })).toEqual([3, 2]);
    expect(await mark({ seq: 1 })).toEqual([3, 2]);
    expect(await mark({ seq: 9_999 })).toEqual([5, 0]);
    expect(await mark({ seq: 2, unread: true })).toEqual([1, 4]);
    expect(await mark({ seq: 1, unread: true })).toEqual([0, 5]);
    expect(await mark({ seq: 4 })).toEqual([4, 1]);
    await second.roundTrip();
    const told = second.frames.filter(({ type, to }) => type === Read && to === 'dan');
    expect(told.map(({ seq }) => seq)).toEqual([3, 5, 1, 0, 4]);
    // What was set back is nobody else's business.
    await dan.socket.roundTrip();
    // The lobby's receipts, of what others read there before, may come a second later.
    const receipts = dan.socket.frames.filter(({ type, room }) => type === Read && !room);
    expect(receipts.map(({ seq }) => seq)).toEqual([3, 5, 4]);
    for (const one of [cleo.socket, second, dan.socket]) await one.close();
  });

  it('Whoever writes has read what stands before', async () => {
    const [eve, fay] = [await enter(place, 'eve'), await enter(place, 'fay')];
    await say(fay.socket, 3, 'eve');
    expect(await unreadOf(eve.tokens, '@fay')).toBe(3);
    await say(eve.socket, 1, 'fay');
    expect(await unreadOf(eve.tokens, '@fay')).toBe(0);
    expect(await unreadOf(fay.tokens, '@eve')).toBe(1);
    for (const one of [eve.socket, fay.socket]) await one.close();
  });

  it('Many marks move at once, and all of them', async () => {
    const [gus, hal] = [await enter(place, 'gus'), await enter(place, 'hal')];
    const second = await join(place, gus.tokens);
    await say(hal.socket, 4, 'gus');
    const head = await say(hal.socket, 4);
    gus.socket.send({ type: Read, data: { lobby: head - 1, '@HAL': 2, '@hal': 3 }, ref: 'm' });
    const answer = await gus.socket.next({ type: Read, ref: 'm' });
    expect(answer.data).toEqual({ lobby: head - 1, '@hal': 3 });
    await second.next({ type: Read, room: 'lobby', seq: head - 1 });
    await second.next({ type: Read, to: 'hal', seq: 3 });
    gus.socket.send({ type: Read, data: 'all' });
    const user = gus.tokens.user;
    expect(await second.next({ type: Read, data: 'all' })).toEqual({
      ...{ type: Read, user, data: 'all' },
    });
    expect(await unreadOf(gus.tokens, 'lobby')).toBe(0);
    expect(await unreadOf(gus.tokens, '@hal')).toBe(0);
    for (const one of [gus.socket, second, hal.socket]) await one.close();
  });

  it('Who comes new has read what was said before, and who never says so has read nothing since', async () => {
    const ida = await enter(place, 'ida');
    await say(ida.socket, 3);
    const jon = await guest(place, 'jon');
    expect(await unreadOf(jon, 'lobby')).toBe(0);
    await say(ida.socket, 3);
    expect(await unreadOf(jon, 'lobby')).toBe(3);
    await ida.socket.close();
  });

  it.each<[string, object, string, string | undefined]>([
    ['a room that is not theirs', { room: 'secret', seq: 1 }, 'not-a-member', 'room'],
    ['a map with one', { data: { lobby: 1, secret: 1 } }, 'not-a-member', 'room'],
    ['nobody', { to: 'nobody', seq: 1 }, 'unknown-recipient', 'to'],
    ['themselves', { to: 'kim', seq: 1 }, 'self-recipient', 'to'],
    ['no number', { room: 'lobby' }, 'invalid-field', 'seq'],
    ['two conversations', { room: 'lobby', to: 'ann', seq: 1 }, 'invalid-field', 'to'],
    ['a map and a number', { data: 'all', seq: 1 }, 'invalid-field', 'seq'],
    ['too many conversations', { data: tooMany() }, 'invalid-field', 'data'],
    ['a field that there is not', { seq: 1, read: true }, 'unknown-field', undefined],
  ])('Whoever reads %s is refused, and nothing is moved', async (_what, fields, code, field) => {
    const tokens = await guest(place);
    const socket = await join(place, tokens);
    const kim = 'to' in fields && fields.to === 'kim';
    const own = kim ? { ...fields, to: tokens.user.username } : fields;
    socket.send({ type: Read, ref: 'no', ...own });
    const reject = await socket.next({ type: 7, ref: 'no' });
    expect([reject.code, reject.field]).toEqual([code, field]);
    await socket.close();
  });

  it('A small room is told once a second who has read what, and who asks is told more', async () => {
    const small = await startApp({ RECEIPTS_MAX: '3', PRESENCE_GRACE: '0' });
    const people = [
      await enter(small, 'ann'),
      await enter(small, 'bob'),
      await enter(small, 'cleo'),
    ];
    const [ann, bob, cleo] = people;
    if (!ann || !bob || !cleo) throw new Error('nobody came');
    const head = await say(ann.socket, 3);
    for (const seq of [1, 2, head]) bob.socket.send({ type: Read, seq });
    cleo.socket.send({ type: Read, seq: 1 });
    const told = await ann.socket.next({ type: Read, room: 'lobby' });
    const data = { [bob.tokens.user.id]: head, [cleo.tokens.user.id]: 1 };
    expect(told).toEqual({ type: Read, room: 'lobby', data });
    const readers = await api(small, ann.tokens).readers(1);
    expect(readers.map(({ username }) => username).sort()).toEqual(['ann', 'bob', 'cleo']);
    expect(await api(small, ann.tokens).readers(head + 1)).toEqual([]);
    await small.app.close();
  });
});

function tooMany(): Record<string, number> {
  return Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`@p${String(at)}`, 1]));
}
