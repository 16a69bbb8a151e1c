import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { Random } from '../../conformance/random.js';
import { startApp } from '../../support/app.js';
import { enter, join, register, type Place, type Tokens } from '../../support/people.js';
import { api } from '../../support/reading.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';

const STEPS = Number(process.env['READING_STEPS'] ?? 2_000);
const RESTART_EVERY = 500;
const LIST_EVERY = 25;
const SEED = Number(process.env['READING_SEED'] ?? randomInt(2 ** 32));
const { Read } = FrameType;

/** A conversation of the reader as the contract has it: nothing but its head and one mark. */
interface Model {
  readonly name: string;
  head: number;
  read: number;
}

/** One reader on two devices, and somebody who talks to them in two conversations. */
class Play {
  readonly conversations: readonly Model[] = [
    { name: 'lobby', head: 0, read: 0 },
    { name: '@writer', head: 0, read: 0 },
  ];
  private devices: ChatSocket[] = [];
  private other: ChatSocket | null = null;
  private count = 0;

  constructor(
    private place: Place,
    private readonly reader: Tokens,
    private readonly writer: Tokens,
    private readonly random: Random,
  ) {}

  async connect(place: Place): Promise<void> {
    this.place = place;
    this.devices = await Promise.all([join(place, this.reader), join(place, this.reader)]);
    this.other = await join(place, this.writer);
  }

  async step(): Promise<void> {
    const { random } = this;
    const one = random.pick(this.conversations);
    const at = random.below(2);
    const roll = random.fraction();
    if (roll < 0.35) await this.say(one, null);
    else if (roll < 0.45) await this.say(one, at);
    else if (roll < 0.8) await this.mark(one, at, random.below(one.head + 3), false);
    else if (roll < 0.9) await this.mark(one, at, random.below(one.head + 3), true);
    else if (roll < 0.95) await this.markBoth(at);
    else if (roll < 0.97) await this.markAll(at);
    else await this.reconnect(at);
  }

  /** What the service says, over HTTP, is what the model says. */
  async compare(): Promise<void> {
    const listed = await api(this.place, this.reader).conversations(1);
    for (const { name, head, read } of this.conversations) {
      if (head === 0) continue;
      const found = listed.get(name);
      expect(found).toMatchObject({ seq: head, n: head, read, unread: head - read });
      expect(found?.last?.seq).toBe(head);
    }
  }

  private async say(one: Model, device: number | null): Promise<void> {
    const socket = device === null ? this.other : this.device(device);
    const to = device === null ? 'reader' : 'writer';
    const ref = this.ref();
    const place = one.name === 'lobby' ? { type: 2 } : { type: 3, to };
    socket?.send({ ...place, data: 'x', ref });
    const ack = await socket?.next({ type: 6, ref });
    one.head += 1;
    expect(ack?.seq).toBe(one.head);
    if (device !== null) one.read = one.head;
  }

  private async mark(one: Model, at: number, seq: number, unread: boolean): Promise<void> {
    const next = Math.min(unread ? Math.max(seq, 1) - 1 : seq, one.head);
    const moves = unread || next > one.read;
    if (moves) one.read = next;
    const place = one.name === 'lobby' ? { room: 'lobby' } : { to: 'writer' };
    const fields = { ...place, seq, ...(unread && { unread }) };
    const answer = await this.ask(at, fields);
    const expected = { seq: one.read, unread: one.head - one.read };
    expect(answer).toMatchObject({ ...place, ...expected });
    if (moves) await this.told(1 - at, { ...place, ...expected });
  }

  private async markBoth(at: number): Promise<void> {
    const wanted = new Map(
      this.conversations.map((one) => [one, this.random.below(one.head + 2)] as const),
    );
    const data = Object.fromEntries([...wanted].map(([{ name }, seq]) => [name, seq]));
    const moved: Model[] = [];
    for (const [one, seq] of wanted) {
      if (Math.min(seq, one.head) <= one.read) continue;
      one.read = Math.min(seq, one.head);
      moved.push(one);
    }
    const answer = await this.ask(at, { data });
    const marks = this.conversations.map(({ name, read }) => [name, read]);
    expect(answer.data).toEqual(Object.fromEntries(marks));
    for (const { name, head, read } of moved) {
      const place = name === 'lobby' ? { room: 'lobby' } : { to: 'writer' };
      await this.told(1 - at, { ...place, seq: read, unread: head - read });
    }
  }

  private async markAll(at: number): Promise<void> {
    for (const one of this.conversations) one.read = one.head;
    expect((await this.ask(at, { data: 'all' })).data).toBe('all');
    await this.told(1 - at, { data: 'all' });
  }

  private async reconnect(at: number): Promise<void> {
    const device = this.device(at);
    await (this.random.chance(0.5) ? device.terminate() : device.close());
    this.devices[at] = await join(this.place, this.reader);
  }

  private async ask(at: number, fields: object): Promise<Frame> {
    const ref = this.ref();
    const device = this.device(at);
    device.send({ type: Read, ref, ...fields });
    return device.next({ type: Read, ref });
  }

  /** The very next mark that the device is told of, in their order, is this one. */
  private async told(at: number, fields: object): Promise<void> {
    const user = this.reader.user;
    const isOwn = (frame: Frame): boolean =>
      frame.type === Read && frame.user?.id === user.id && frame.ref === undefined;
    expect(await this.device(at).next(isOwn)).toMatchObject(fields);
  }

  private device(at: number): ChatSocket {
    const device = this.devices[at];
    if (device === undefined) throw new Error('there is no such device');
    return device;
  }

  private ref(): string {
    this.count += 1;
    return `ref ${String(this.count)}`;
  }
}

describe(`Marks moved at random on two devices (READING_SEED=${String(SEED)})`, () => {
  it(`are what one head and one mark say: ${String(STEPS)} steps, restarts among them`, async () => {
    const env = {
      ...{ COMMAND_RATE: '0', MESSAGE_RATE: '0', HISTORY_RATE: '0', RECEIPTS_MAX: '0' },
      JWT_SECRET: 'tokens are good before and after a restart',
    };
    let app = await startApp(env);
    const { dataDir } = app;
    const reader = await register(app, 'reader');
    const writer = await register(app, 'writer');
    const { socket } = await enter(app, 'bystander');
    const play = new Play(app, reader, writer, new Random(SEED));
    await play.connect(app);
    for (let step = 1; step <= STEPS; step++) {
      await play.step();
      if (step % LIST_EVERY === 0) await play.compare();
      if (step % RESTART_EVERY > 0) continue;
      await app.app.close();
      app = await startApp({ ...env, DATA_DIR: dataDir });
      await play.connect(app);
      await play.compare();
    }
    // Whoever is in no conversation with them is told nothing of it.
    expect(socket.frames.filter(({ type }) => type === Read)).toEqual([]);
  }, 300_000);
});
