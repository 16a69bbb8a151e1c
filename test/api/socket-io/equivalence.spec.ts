import { describe, expect, it } from '@jest/globals';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { bounded } from '../../support/bounded.js';
import { enter, guest, join, type Tokens } from '../../support/people.js';
import { type ClientOptions, joinBySocketIo } from '../../support/socket-io-client.js';
import type { Frame, Wanted } from '../../support/ws-client.js';

/** A client of either kind, as the script knows it. */
interface Device {
  readonly frames: readonly Frame[];
  send(type: number, payload: object): void;
  next(wanted: Wanted): Promise<Frame>;
  leave(): Promise<unknown>;
}

type Arrive = (place: RunningApp, tokens: Tokens) => Promise<Device>;

async function native(place: RunningApp, tokens: Tokens): Promise<Device> {
  const socket = await join(place, tokens);
  return {
    frames: socket.frames,
    send: (type, payload) => {
      socket.send({ type, ...payload });
    },
    next: (wanted) => socket.next(wanted),
    leave: () => socket.close(),
  };
}

function bySocketIo(options: ClientOptions): Arrive {
  return async (place, tokens) => {
    const client = await joinBySocketIo(place, tokens, options);
    return {
      frames: client.frames,
      send: (type, payload) => {
        client.raw.emit(String(type), payload);
      },
      next: (wanted) => client.next(wanted),
      leave: async () => {
        const gone = client.until('disconnect');
        client.raw.disconnect();
        await gone;
      },
    };
  };
}

/**
 * What somebody saw, without what differs by chance, and without their own words: those come back
 * live to native clients only.
 */
function seen({ frames }: Device, self: string): readonly unknown[] {
  return frames
    .filter((frame) => !(frame.type === 2 && frame.user?.username === self))
    .filter(({ type }) => type !== 1)
    .map(({ type, user, data, room, to, target, seq, ref, code, retryable, field }) => ({
      ...{ type, user: user?.username ?? null, room, to, target, seq, ref, code, retryable, field },
      data: typeof data === 'object' ? namesOnly(data as object) : data,
    }))
    .sort((one, other) => key(one).localeCompare(key(other)));
}

/** The sets of who reacted name people by an id, which is another one each time. */
function namesOnly(data: object): string {
  return JSON.stringify(data, (name, value: unknown) => (name === 'id' ? undefined : value));
}

/** Answers and what others say have no order among each other; each kind has its own. */
function key({ type, seq }: { readonly type: number; readonly seq: number | undefined }): string {
  return `${type} ${String(seq ?? 0).padStart(6, '0')}`;
}

const ERRORS: readonly (readonly [string, number, object])[] = [
  ['ref-conflict', 2, { data: 'something else', ref: 'r0' }],
  ['unknown-recipient', 3, { data: 'x', to: 'nobody', ref: 'n' }],
  ['not-a-member', 2, { data: 'x', room: 'elsewhere' }],
  ['unknown-field', 2, { data: 'x', misspelt: 1 }],
  ['unknown-type', 99, {}],
];

/** Edits, reacts and deletes: what changes a message comes as live as the message did. */
async function changeThings(ann: Device, ben: Device): Promise<void> {
  ann.send(12, { target: 1, data: 'line 0, put right', ref: 'c1' });
  await ben.next({ type: 12, target: 1 });
  ben.send(14, { target: 1, data: '👍', ref: 'c2' });
  await ann.next({ type: 14, target: 1 });
  ann.send(13, { target: 3, ref: 'c3' });
  await ben.next({ type: 13, target: 3 });
  for (const [device, ref] of [
    [ann, 'c1'],
    [ben, 'c2'],
    [ann, 'c3'],
  ] as const) {
    await device.next({ type: 6, ref });
  }
}

/** One afternoon: three people, of whom one has two devices, talk, err, leave and come back. */
async function script(arrive: Arrive): Promise<Record<string, readonly unknown[]>> {
  const place = await startApp({ PRESENCE_GRACE: '0' });
  const [ann, ben, cat] = [
    await guest(place, 'ann'),
    await guest(place, 'ben'),
    await guest(place, 'cat'),
  ];
  const annAtHome = await arrive(place, ann);
  await annAtHome.next({ type: 4, user: ann.user });
  const benAtHome = await arrive(place, ben);
  await annAtHome.next({ type: 4, user: ben.user });
  const benOnTheRoad = await native(place, ben);
  const catAtHome = await native(place, cat);
  await benAtHome.next({ type: 4, user: cat.user });
  for (let i = 0; i < 20; i++) {
    const [device, other] = i % 2 === 0 ? [annAtHome, benAtHome] : [benAtHome, annAtHome];
    device.send(2, { data: `line ${i}`, ref: `r${i}` });
    await other.next({ data: `line ${i}` });
  }
  await annAtHome.next({ type: 6, ref: 'r18' });
  await benAtHome.next({ type: 6, ref: 'r19' });
  annAtHome.send(2, { data: 'line 0', ref: 'r0' });
  await annAtHome.next({ type: 6, ref: 'r0' });
  for (const [code, type, payload] of ERRORS) {
    annAtHome.send(type, payload);
    await annAtHome.next({ type: 7, code });
  }
  await changeThings(annAtHome, benAtHome);
  annAtHome.send(3, { data: 'psst', to: 'ben', ref: 'p1' });
  for (const device of [benAtHome, benOnTheRoad]) await device.next({ type: 3, data: 'psst' });
  benAtHome.send(3, { data: 'yes?', to: 'ann' });
  for (const device of [annAtHome, benOnTheRoad]) await device.next({ type: 3, data: 'yes?' });
  annAtHome.send(8, { data: { lobby: 17, '@ben': 1 }, ref: 's' });
  await annAtHome.next({ type: 8, ref: 's' });
  await annAtHome.leave();
  await benAtHome.next({ type: 5, user: ann.user });
  catAtHome.send(3, { data: 'while you were away', to: 'ann', ref: 'w' });
  await catAtHome.next({ type: 6, ref: 'w' });
  const annBack = await arrive(place, ann);
  await annBack.next({ type: 3, data: 'while you were away' });
  await annBack.next({ type: 4, user: ann.user });
  annBack.send(2, { data: 'the end' });
  for (const device of [benAtHome, benOnTheRoad, catAtHome]) await device.next({ data: 'the end' });
  return {
    ann: seen(annAtHome, 'ann'),
    'ann, back': seen(annBack, 'ann'),
    ben: seen(benAtHome, 'ben'),
    'ben, on the road': seen(benOnTheRoad, 'nobody'),
    cat: seen(catAtHome, 'nobody'),
  };
}

describe('The same afternoon', () => {
  let expected: Record<string, readonly unknown[]> | null = null;

  it.each<[string, Arrive]>([
    ['a Socket.IO WebSocket', bySocketIo({ transports: ['websocket'] })],
    ['Socket.IO long polling', bySocketIo({ transports: ['polling'] })],
    ['Socket.IO, upgraded', bySocketIo({ transports: ['polling', 'websocket'] })],
  ])('looks the same to everybody by %s as by a native socket', async (_way, arrive) => {
    expected ??= await script(native);
    expect(await script(arrive)).toEqual(expected);
  });
});

describe.each<[string, ClientOptions]>([
  ['a WebSocket', { transports: ['websocket'] }],
  ['long polling', { transports: ['polling'] }],
])('A Socket.IO client by %s that does not keep up', (_way, options) => {
  it('is sent away, comes back by itself and has everything once', async () => {
    const place = await startApp({ MAX_SEND_QUEUE_BYTES: '65536', MAX_SYNC_MESSAGES: '10000' });
    const { user, ...tokens } = await guest(place, 'slow');
    const slow = await joinBySocketIo(place, { user, ...tokens }, options);
    const other = await enter(place, 'other');
    await slow.roundTrip();
    const [connection] = place.app.get(ConnectionRegistry).ofPerson(user.id);
    const stopReading = pauseReader(slow.raw.io.engine);
    let said = 0;
    while (connection?.open === true && said < 6_000) {
      for (let i = 0; i < 100; i++) other.socket.send({ type: 2, data: 'x'.repeat(3_900) });
      said += 101;
      other.socket.send({ type: 2, data: `end ${said}` });
      await other.socket.next({ data: `end ${said}` });
    }
    expect(connection?.open).toBe(false);
    const back = slow.raw.connected ? slow.until('connect') : Promise.resolve();
    stopReading();
    await back;
    other.socket.send({ type: 2, data: 'still here?' });
    await bounded(slow.next({ data: 'still here?' }, 30_000), 'the end', () => 'nothing', 31_000);
    const seqs = slow.frames.filter((frame) => frame.room === 'lobby').map((frame) => frame.seq);
    expect(seqs).toEqual(Array.from({ length: said + 1 }, (_, i) => i + 1));
  });
});

/** The client takes nothing off the network, or asks for nothing, until the returned call. */
function pauseReader(engine: unknown): () => void {
  const { transport } = engine as {
    transport: { ws?: { pause(): void; resume(): void }; _poll?: () => void };
  };
  if (transport.ws) {
    const { ws } = transport;
    ws.pause();
    return () => {
      ws.resume();
    };
  }
  const poll = transport._poll?.bind(transport);
  let isDue = false;
  transport._poll = () => (isDue = true);
  return () => {
    if (poll) transport._poll = poll;
    if (isDue) poll?.();
  };
}
