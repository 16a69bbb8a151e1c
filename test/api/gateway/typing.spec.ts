import { beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import { TypingAnnouncer } from '../../../src/gateway/presence/typing-announcer.js';
import { TypingService } from '../../../src/presence/typing.service.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { enter, type Member } from '../../support/people.js';
import { onEachTransport } from '../../support/transports.js';
import type { Frame } from '../../support/ws-client.js';

const TTL = 8_000;

/** A frame with who is typing there, by name. */
function typing(where: Partial<Frame>, ...names: readonly string[]): (frame: Frame) => boolean {
  return (frame) =>
    frame.type === 10 &&
    frame.room === where.room &&
    frame.to === where.to &&
    namesIn(frame).join() === names.join();
}

function namesIn({ data }: Frame): readonly string[] {
  return (data as { readonly username: string }[]).map(({ username }) => username);
}

onEachTransport(({ enter, join }) => {
  describe('Who types', () => {
    let place: RunningApp;
    let people = 0;

    beforeAll(async () => {
      place = await startApp({ PRESENCE_GRACE: '0.1' });
    });

    it('in the lobby is told to everybody there, but not on the own connections', async () => {
      const reader = await enter(place, 'reader');
      const ann = await enter(place, 'ann');
      const second = await join(place, ann.tokens);
      ann.socket.send({ type: 10 });
      expect(await reader.socket.next({ type: 10 })).toEqual({
        type: 10,
        user: null,
        room: 'lobby',
        data: [ann.tokens.user],
        total: 1,
        ttl: TTL,
      });
      const ben = await enter(place, 'ben');
      ben.socket.send({ type: 10, room: 'lobby' });
      await reader.socket.next(typing({ room: 'lobby' }, 'ann', 'ben'));
      // Those who type are told of the others.
      for (const own of [ann.socket, second]) {
        await own.next(typing({ room: 'lobby' }, 'ben'));
        expect(own.frames.filter(({ type }) => type === 10)).toHaveLength(1);
      }
      await ben.socket.next(typing({ room: 'lobby' }, 'ann'));
      ann.socket.send({ type: 10, data: false });
      ben.socket.send({ type: 10, data: false });
      await reader.socket.next(typing({ room: 'lobby' }));
    });

    it('in private is told to the other one at once, and to nobody else', async () => {
      const names = ['cleo', 'dan', 'eve'].map((name) => `${name}${String(++people)}`);
      const [cleo, dan, eve] = await Promise.all(names.map((name) => enter(place, name)));
      if (!cleo || !dan || !eve) throw new Error('nobody came');
      const device = await join(place, cleo.tokens);
      cleo.socket.send({ type: 10, to: String(names[1]).toUpperCase() });
      expect(await dan.socket.next({ type: 10 })).toEqual({
        type: 10,
        user: null,
        to: names[0],
        data: [cleo.tokens.user],
        total: 1,
        ttl: TTL,
      });
      cleo.socket.send({ type: 10, to: names[1], data: false });
      expect(await dan.socket.next({ type: 10 })).toMatchObject({
        to: names[0],
        data: [],
        total: 0,
      });
      for (const other of [cleo.socket, device, eve.socket]) {
        await other.roundTrip();
        const told = other.frames.filter((frame) => frame.type === 10 && frame.to !== undefined);
        expect(told).toEqual([]);
      }
    });

    it('types no longer when it is a reply', async () => {
      const [reader, ann] = [await enter(place, 'reader-r'), await enter(place, 'ann-r')];
      ann.socket.send({ type: 2, data: 'first', ref: 'f' });
      const { seq } = await ann.socket.next({ type: 6, ref: 'f' });
      ann.socket.send({ type: 10 });
      await reader.socket.next(typing({ room: 'lobby' }, 'ann-r'));
      ann.socket.send({ type: 2, data: 'more', reply: seq });
      await reader.socket.next(typing({ room: 'lobby' }));
    });

    it('types no longer when the message is there: first it, then the set without them', async () => {
      const fred = await enter(place, 'fred');
      const gil = await enter(place, 'gil');
      fred.socket.send({ type: 10, to: 'gil' });
      await gil.socket.next(typing({ to: 'fred' }, 'fred'));
      fred.socket.send({ type: 3, to: 'gil', data: 'here it is' });
      await gil.socket.next(typing({ to: 'fred' }));
      const heard = gil.socket.frames.map(({ type, data }) => (type === 10 ? type : data));
      expect(heard.indexOf('here it is')).toBeLessThan(heard.lastIndexOf(10));
      fred.socket.send({ type: 10 });
      await gil.socket.next(typing({ room: 'lobby' }, 'fred'));
      fred.socket.send({ type: 2, data: 'and to all' });
      await gil.socket.next({ type: 2, data: 'and to all' });
      await gil.socket.next(typing({ room: 'lobby' }));
    });

    it('types no longer when they have left', async () => {
      const hal = await enter(place, 'hal');
      const ida = await enter(place, 'ida');
      hal.socket.send({ type: 10 });
      hal.socket.send({ type: 10, to: 'ida' });
      await ida.socket.take(2, (frame) => frame.type === 10 && namesIn(frame).includes('hal'));
      await hal.socket.close();
      await ida.socket.next(typing({ to: 'hal' }));
      await ida.socket.next(typing({ room: 'lobby' }));
    });
  });
});

describe('Who types', () => {
  let place: RunningApp;
  let ann: Member;
  let ben: Member;

  beforeAll(async () => {
    place = await startApp();
    ann = await enter(place, 'ann');
    ben = await enter(place, 'ben');
  });

  it('gets no answer, and leaves nothing in the log', async () => {
    ann.socket.send({ type: 10, ref: 'mine' });
    await ben.socket.next({ type: 10 });
    await ann.socket.roundTrip();
    expect(ann.socket.frames.filter(({ ref }) => ref === 'mine')).toEqual([]);
    ann.socket.send({ type: 8, data: { lobby: 0 }, ref: 'sync' });
    expect((await ann.socket.next({ ref: 'sync' })).data).toEqual({
      lobby: { seq: 0, complete: true },
    });
  });

  it('is heard once in three seconds, however often they begin and stop', async () => {
    const other = await enter(place, 'quick');
    for (let n = 0; n < 50; n++) {
      other.socket.send({ type: 10, to: 'ben' });
      other.socket.send({ type: 10, to: 'ben', data: false });
    }
    other.socket.send({ type: 1, ref: 'after' });
    await other.socket.next({ ref: 'after' });
    await ben.socket.roundTrip();
    const told = ben.socket.frames.filter((frame) => frame.to === 'quick');
    expect(told.map(({ data }) => (data as unknown[]).length)).toEqual([1, 0]);
  });

  it.each<[string, object, string, string | undefined]>([
    ['a room of others', { room: 'secret' }, 'not-a-member', 'room'],
    ['a room and a person', { room: 'lobby', to: 'ben' }, 'invalid-field', 'to'],
    ['nobody', { to: 'nobody-of-that-name' }, 'unknown-recipient', 'to'],
    ['oneself', { to: 'ann' }, 'self-recipient', 'to'],
    ['a text', { data: 'x' }, 'invalid-field', 'data'],
    ['true', { data: true }, 'invalid-field', 'data'],
    ['a number', { seq: 1 }, 'unknown-field', 'seq'],
  ])('is refused: %s', async (_, fields, code, field) => {
    ann.socket.send({ type: 10, ...fields, ref: code });
    const reject = await ann.socket.next({ type: 7 });
    expect(reject).toMatchObject({ ref: code, code, field, retryable: false });
  });

  it('takes no memory by a flood of names of rooms and people that there are not', async () => {
    const service = place.app.get(TypingService);
    const announcer = place.app.get(TypingAnnouncer);
    const before = [service.remembered, announcer.conversations];
    const eve = await enter(place, 'eve');
    for (let n = 0; n < 10; n++) {
      eve.socket.send({ type: 10, room: `room ${n}` });
      eve.socket.send({ type: 10, to: `person ${n}` });
    }
    await eve.socket.take(20, { type: 7 });
    const after = [service.remembered, announcer.conversations];
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBeLessThanOrEqual(before[1] ?? 0);
  });

  it('is not kept where nobody would be told', async () => {
    const gone = await enter(place, 'gone');
    await gone.socket.close();
    const announcer = place.app.get(TypingAnnouncer);
    const before = announcer.conversations;
    ann.socket.send({ type: 10, to: 'gone' });
    await isHandled(ann);
    expect(announcer.conversations).toBeLessThanOrEqual(before);
  });
});

describe('The bound of people present', () => {
  it('is told in the welcome, and above it nobody is told who types, but in private', async () => {
    const place = await startApp({ TYPING_MAX: '2' });
    const ann = await enter(place, 'ann');
    const ben = await enter(place, 'ben');
    expect(ben.socket.frames[0]).toMatchObject({ limits: { typing: 2 } });
    ann.socket.send({ type: 10 });
    await ben.socket.next({ type: 10 });
    const cleo = await enter(place, 'cleo');
    cleo.socket.send({ type: 10 });
    cleo.socket.send({ type: 10, to: 'ben' });
    await ben.socket.next(typing({ to: 'cleo' }, 'cleo'));
    expect(await untilUntold(place)).toBeGreaterThan(0);
    await ben.socket.roundTrip();
    expect(ben.socket.rest().filter(({ type }) => type === 10)).toEqual([]);
  });

  it('of nobody switches it off, in private as well', async () => {
    const place = await startApp({ TYPING_MAX: '0' });
    const ann = await enter(place, 'ann');
    const ben = await enter(place, 'ben');
    ann.socket.send({ type: 10, to: 'ben' });
    ann.socket.send({ type: 10 });
    ann.socket.send({ type: 1, ref: 'after' });
    await ann.socket.next({ ref: 'after' });
    await ben.socket.roundTrip();
    expect(ben.socket.frames.filter(({ type }) => type === 10)).toEqual([]);
  });
});

/** Frames of a connection are handled in their order: what was sent before this has been. */
async function isHandled({ socket }: Member): Promise<void> {
  socket.send({ type: 8, data: {}, ref: 'handled' });
  await socket.next({ type: 8, ref: 'handled' });
}

/** A room is told, or not, up to a second later. */
async function untilUntold(place: RunningApp): Promise<number> {
  const announcer = place.app.get(TypingAnnouncer);
  return await until(
    () => Promise.resolve(announcer.untold || null),
    'something untold',
    () => '0',
  );
}

describe('Somebody to whom many strangers type at once', () => {
  it('is told of some of them only', async () => {
    const place = await startApp();
    const ann = await enter(place, 'ann');
    const names = Array.from({ length: 30 }, (_, n) => `stranger${String(n)}`);
    const strangers = await Promise.all(names.map((name) => enter(place, name)));
    for (const { socket } of strangers) socket.send({ type: 10, to: 'ann' });
    await Promise.all(strangers.map(isHandled));
    await ann.socket.roundTrip();
    const told = ann.socket.frames.filter(({ type }) => type === 10);
    expect(told.length).toBeLessThan(30);
    expect(place.app.get(TypingAnnouncer).untold).toBe(30 - told.length);
  });
});

describe('A slow reader', () => {
  it('misses who types before a message, in a room and in private, and stays [S31]', async () => {
    const bound = 4 * 1024 * 1024;
    const place = await startApp({ MAX_SEND_QUEUE_BYTES: String(bound) });
    const slow = await enter(place, 'slow');
    const other = await enter(place, 'other');
    const reader = await enter(place, 'reader');
    const [connection] = place.app.get(ConnectionRegistry).ofPerson(slow.tokens.user.id);
    slow.socket.raw.pause();
    let said = 0;
    const say = async (data: string): Promise<void> => {
      other.socket.send({ type: 2, data, ref: `r${++said}` });
      await other.socket.next({ type: 6, ref: `r${said}` });
      await reader.socket.next({ type: 2, data });
    };
    while ((connection?.channel.queuedBytes ?? bound) <= bound / 2) {
      for (let n = 0; n < 50; n++) {
        other.socket.send({ type: 2, data: 'x'.repeat(3_900), ref: `r${++said}` });
      }
      await say(`that was ${said}`);
    }
    other.socket.send({ type: 10, to: 'slow' });
    other.socket.send({ type: 10 });
    await reader.socket.next(typing({ room: 'lobby' }, 'other'));
    await say('and then');
    slow.socket.raw.resume();
    await slow.socket.next({ type: 2, data: 'and then' });
    const heard = slow.socket.frames.filter(({ room, type }) => room === 'lobby' && type === 2);
    expect(heard).toHaveLength(said);
    const named = slow.socket.frames.filter((one) => one.type === 10 && namesIn(one).length > 0);
    expect(named).toEqual([]);
    expect(connection?.open).toBe(true);
  });
});
