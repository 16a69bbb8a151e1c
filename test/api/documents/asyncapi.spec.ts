import { beforeAll, describe, expect, it } from '@jest/globals';
import { FrameType, REFUSAL_CODES } from '@parley/protocol';
import { type RunningApp, startApp } from '../../support/app.js';
import { wave } from '../../support/later-version.js';
import { guest, join, type Tokens } from '../../support/people.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { connect, type Frame } from '../../support/ws-client.js';
import { Caller } from '../rooms/rest.js';
import type { AsyncApi, Reference } from './async-api.js';
import { Contract } from './contract.js';

/** What nothing answers but a Reject. */
const UNANSWERED = 'TypeSignal';

/** What takes hundreds of people, or another node. */
const SEEN_ELSEWHERE = ['RoomCount'] as const;

/** What stands for an access token in an example. */
const TOKEN = /eyJ[\w.-]+/;

describe('the AsyncAPI document', () => {
  const contract = new Contract<AsyncApi>('asyncapi.json');
  const received = namesOf('receive');
  const sent = namesOf('send');
  const seen = new Set<string>();
  let service: RunningApp;
  let ann: Tokens;
  let bob: Tokens;

  function namesOf(action: 'send' | 'receive'): readonly string[] {
    return Object.values(contract.document.operations)
      .filter((operation) => operation.action === action)
      .flatMap(({ messages }) => messages.map(nameOf));
  }

  function nameOf({ $ref }: Reference): string {
    return $ref.slice($ref.lastIndexOf('/') + 1);
  }

  function typeOf(name: string): number {
    const { schemas } = contract.document.components;
    return (schemas[name] as { properties: { type: { const: number } } }).properties.type.const;
  }

  /** The frames that clients send by example, and the type of what answers each. */
  function* examples(token: string): Iterable<readonly [string, object, number]> {
    for (const { messages, reply } of Object.values(contract.document.operations)) {
      const [answer] = reply?.messages ?? [];
      if (answer === undefined) continue;
      for (const name of messages.map(nameOf)) {
        for (const { payload } of contract.document.components.messages[name]?.examples ?? []) {
          const text = JSON.stringify(payload).replace(TOKEN, token);
          yield [name, JSON.parse(text) as object, typeOf(nameOf(answer))];
        }
      }
    }
  }

  /** Every frame that came is exactly one of the service's messages. */
  function check(socket: { readonly frames: readonly Frame[] }): void {
    for (const frame of socket.frames) {
      const fits = sent.filter((name) => contract.fault(name, frame) === null);
      if (fits.length !== 1)
        throw new Error(`${JSON.stringify(frame)} is ${fits.join() || 'nothing'}`);
      seen.add(fits[0] ?? '');
      if (frame.type === FrameType.GroupList) checkList(frame);
    }
  }

  function checkList(frame: Frame): void {
    const people: unknown = JSON.parse(String(frame.data));
    expect(Array.isArray(people)).toBe(true);
    for (const person of people as unknown[]) {
      expect(contract.fault('ListedPerson', person)).toBeNull();
    }
  }

  beforeAll(async () => {
    service = await startApp({ PRESENCE_GRACE: '0', MAX_SYNC_MESSAGES: '2' });
    [ann, bob] = await Promise.all([guest(service, 'ann'), guest(service, 'bob')]);
    await new Caller(service, bob).found('dev');
  });

  it('has an example of every message that is one', () => {
    for (const [name, { examples }] of Object.entries(contract.document.components.messages)) {
      expect(examples.length).toBeGreaterThan(0);
      for (const { payload } of examples) expect(contract.fault(name, payload)).toBeNull();
    }
  });

  it('knows every frame type and every code of the service', () => {
    const types = [...received, ...sent].map(typeOf);
    expect([...new Set(types)].sort((one, other) => one - other)).toEqual(Object.values(FrameType));
    const code = contract.document.components.schemas['Code'] as { enum: string[] };
    expect(code.enum.toSorted()).toEqual([...REFUSAL_CODES].sort());
  });

  it('describes what people say and who comes and goes', async () => {
    const socket = await join(service, ann);
    const other = await join(service, bob);
    await socket.next({ type: FrameType.Enter, user: bob.user });
    socket.send({ type: FrameType.GroupChat, data: '大家好', ref: 'r1' });
    socket.send({ type: FrameType.SingleChat, data: '你好', to: 'bob', ref: 'r2' });
    await socket.take(2, (frame) => frame.type === FrameType.Ack);
    await other.next({ type: FrameType.SingleChat });
    await socket.next({ type: FrameType.GroupList });
    await other.close();
    await socket.next({ type: FrameType.Leave });
    check(socket);
    check(other);
  });

  it('describes the answer to every frame of a client', async () => {
    const socket = await join(service, ann);
    for (const data of ['1', '2', '3', '4'])
      socket.send({ type: FrameType.GroupChat, data, ref: data });
    await socket.take(4, (frame) => frame.type === FrameType.Ack);
    const frames: readonly (readonly [string, object, number])[] = [
      ...examples(ann.access_token),
      ['ListRequest', { type: 1, ref: 'a' }, FrameType.GroupList],
      ['ListRequest', { type: 1, ref: null }, FrameType.GroupList],
      ['SayToRoom', { type: 2, data: 'x', room: null, ref: 'b' }, FrameType.Ack],
      ['SyncRequest', { type: 8, data: { lobby: 0, '@bob': 0 }, ref: 'd' }, FrameType.Sync],
      ['SyncRequest', { type: 8, data: {} }, FrameType.Sync],
      ['ReadRoomRequest', { type: 11, room: null, seq: 2, unread: null, ref: 'f' }, FrameType.Read],
      ['ReadManyRequest', { type: 11, data: {}, ref: 'g' }, FrameType.Read],
      ['RenewRequest', { type: 9, data: ann.access_token, ref: 'e' }, FrameType.Renew],
    ];
    for (const [name, frame, answer] of frames) {
      expect(contract.fault(name, frame)).toBeNull();
      socket.send(frame);
      await socket.next({ type: answer });
    }
    const answered = received.filter((name) => name !== UNANSWERED);
    expect([...new Set(frames.map(([name]) => name))].sort()).toEqual([...answered].sort());
    check(socket);
  });

  it.each([
    { type: 1, data: 'x', extra: 1 },
    { type: 2 },
    { type: 2, data: 7 },
    { type: 2, data: 'x', ref: '' },
    { type: 2, data: 'x', ref: 'r'.repeat(65) },
    { type: 2, data: 'x', seq: 5 },
    { type: 3, data: 'x' },
    { type: 3, data: 'x', to: '' },
    { type: 8, data: { lobby: -1 } },
    { type: 8, data: { lobby: 1.5 } },
    { type: 8, data: [] },
    { type: 9 },
    { type: 11 },
    { type: 11, room: 'lobby' },
    { type: 11, room: 'lobby', to: 'ann', seq: 1 },
    { type: 11, seq: -1 },
    { type: 11, seq: 1.5 },
    { type: 11, seq: 1, unread: 'yes' },
    { type: 11, data: 'most' },
    { type: 11, data: { lobby: -1 } },
    { type: 11, data: 'all', seq: 1 },
    { type: 12, target: 1 },
    { type: 12, target: 0, data: 'x' },
    { type: 12, target: 1, data: 'x', if: 'last' },
    { type: 13 },
    { type: 13, target: [1] },
    { type: 13, target: [1, 2, 3] },
    { type: 13, target: 1, data: 'x' },
    { type: 14, target: 1 },
    { type: 14, target: 1, data: '👍', op: 'toggle' },
    { type: 17, target: 1, data: 'yes' },
    { type: 2, data: 'x', reply: 0 },
    { type: 2, data: 'x', mentions: 'ann' },
    { type: 2, data: 'x', also: 1 },
    { type: 10, data: 'x' },
    { type: 10, data: true },
    { type: 10, room: '' },
    { type: 10, room: 'lobby', to: 'ann' },
    { type: '2', data: 'x' },
  ])('allows as little as the service does: %j', async (frame) => {
    for (const name of received) expect(contract.fault(name, frame)).not.toBeNull();
    const socket = await join(service, bob);
    socket.send(frame);
    await socket.next({ type: FrameType.Reject });
    check(socket);
    await socket.close();
  });

  it('describes what devices, and those who talk in private, are told of what was read', async () => {
    const [socket, second] = [await join(service, ann), await join(service, ann)];
    const other = await join(service, bob);
    other.send({ type: FrameType.SingleChat, data: 'unread', to: 'ann' });
    other.send({ type: FrameType.GroupChat, data: 'unread' });
    const { seq } = await socket.next({ type: FrameType.SingleChat, data: 'unread' });
    const inRoom = await socket.next({ type: FrameType.GroupChat, data: 'unread' });
    socket.send({ type: FrameType.Read, to: 'bob', seq });
    socket.send({ type: FrameType.Read, seq: inRoom.seq });
    await second.next({ type: FrameType.Read, to: 'bob' });
    await other.next({ type: FrameType.Read, user: ann.user });
    await other.next({ type: FrameType.Read, room: 'lobby' });
    socket.send({ type: FrameType.Read, data: 'all' });
    await second.next({ type: FrameType.Read, data: 'all' });
    for (const one of [socket, second, other]) {
      check(one);
      await one.close();
    }
  });

  it('describes rooms, and who comes and goes there', async () => {
    const owner = new Caller(service, bob);
    await owner.found('yard', 'public', { members: ['ann'] });
    const socket = await join(service, ann);
    const other = await join(service, bob);
    await owner.call('PATCH /rooms/yard', { topic: 'Grass' });
    await owner.call('PUT /rooms/yard/members/ann', { role: 'moderator' });
    await socket.next({ type: FrameType.Room });
    await socket.next({ type: FrameType.Member });
    await owner.call('DELETE /rooms/yard/members/ann');
    await socket.next({ type: FrameType.Part });
    socket.send({ type: FrameType.Join, room: 'yard' });
    await other.next({ type: FrameType.Join });
    for (const one of [socket, other]) {
      check(one);
      await one.close();
    }
  });

  it('describes who is typing', async () => {
    const [socket, other] = [await join(service, ann), await join(service, bob)];
    const { examples } = contract.document.components.messages[UNANSWERED] ?? { examples: [] };
    for (const { payload } of examples) {
      expect(contract.fault(UNANSWERED, payload)).toBeNull();
      socket.send(payload);
    }
    await other.next({ type: FrameType.Typing, to: 'ann' });
    await other.next({ type: FrameType.Typing, room: 'lobby' });
    check(socket);
    check(other);
    expect(socket.frames.some(({ type }) => type === FrameType.Reject)).toBe(false);
    for (const one of [socket, other]) await one.close();
  });

  it('describes messages that change, in a room and in private', async () => {
    const socket = await join(service, ann);
    const other = await join(service, bob);
    for (const [say, place] of [
      [FrameType.GroupChat, {}],
      [FrameType.SingleChat, { to: 'bob' }],
    ] as const) {
      const root = `root ${say}`;
      socket.send({ type: say, data: 'root', ref: root, ...place });
      const { seq = 0 } = await socket.next({ type: FrameType.Ack, ref: root });
      const reply = { reply: seq, thread: seq, also: true, mentions: ['bob'] };
      const answer = `reply ${say}`;
      socket.send({ type: say, data: 'reply', ref: answer, ...reply, ...place });
      await socket.next({ type: FrameType.Ack, ref: answer });
      for (const change of [
        { type: FrameType.Edit, data: 'another' },
        { type: FrameType.Reaction, data: '👍' },
        { type: FrameType.Deletion, reason: 'a slip' },
      ]) {
        const ref = `change ${change.type} of ${say}`;
        socket.send({ target: seq, ref, ...place, ...change });
        await socket.next({ type: FrameType.Ack, ref });
        await other.next({ type: change.type });
      }
    }
    socket.send({ type: FrameType.Sync, data: { lobby: 0, '@bob': 0 }, ref: 's' });
    await socket.next({ type: FrameType.Sync, ref: 's' });
    for (const one of [socket, other]) {
      check(one);
      await one.close();
    }
  });

  it('describes what only a later version knows', async () => {
    const socket = await join(service, bob);
    await wave(service, ann.user);
    await wave(service, ann.user, bob.user);
    await socket.take(2, { type: FrameType.Unknown });
    check(socket);
    await socket.close();
  });

  it('describes the end of a session', async () => {
    const socket = await connect(service.wsUrl, { token: 'forged' });
    await socket.next({ type: FrameType.Error });
    expect(await socket.closed()).toMatchObject({ code: 4401 });
    check(socket);
  });

  it('describes what a Socket.IO client is sent, but for a list, which is an array', async () => {
    const client = await joinBySocketIo(service, ann);
    const other = await join(service, bob);
    other.send({ type: FrameType.SingleChat, data: '你好', to: 'ann' });
    other.send({ type: FrameType.GroupChat, data: '大家好' });
    await client.next({ type: FrameType.SingleChat });
    await client.next({ type: FrameType.GroupChat, data: '大家好' });
    const payloads: readonly [number, object, number][] = [
      [FrameType.GroupList, {}, FrameType.GroupList],
      [FrameType.GroupChat, { data: 'x', ref: 'f' }, FrameType.Ack],
      [FrameType.SingleChat, { data: 'x', to: 'bob', ref: 'g' }, FrameType.Ack],
      [FrameType.Sync, { data: { lobby: 0, '@bob': 0 }, ref: 'h' }, FrameType.Sync],
      [FrameType.Renew, { data: ann.access_token }, FrameType.Renew],
      [FrameType.Read, { seq: 1, ref: 'r' }, FrameType.Read],
      [77, { ref: 'i' }, FrameType.Reject],
    ];
    for (const [type, payload, answer] of payloads) {
      client.raw.emit(String(type), payload);
      await client.next({ type: answer });
    }
    const frames = client.frames.map((frame) =>
      frame.type === FrameType.GroupList ? { ...frame, data: JSON.stringify(frame.data) } : frame,
    );
    check({ frames });
    const answer = await client.ask(FrameType.GroupChat, { data: 'x' });
    expect(contract.fault('Ack', { type: 6, ref: 'its own', room: 'lobby', ...answer })).toBeNull();
    const refusal = await client.ask(FrameType.GroupChat, {});
    expect(contract.fault('Reject', { type: 7, ...refusal })).toBeNull();
  });

  it('says nothing that was not seen to be so', () => {
    expect([...seen, ...SEEN_ELSEWHERE].sort()).toEqual([...sent].sort());
  });
});
