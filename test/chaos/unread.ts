import { FrameType } from '@parley/protocol';
import { Caller, caller } from '../api/rooms/rest.js';
import { join } from '../support/people.js';
import { api } from '../support/reading.js';
import type { Service } from '../support/service.js';
import type { ChatSocket, Frame } from '../support/ws-client.js';
import { Chance } from './chance.js';
import { ROOMS } from './rooms.js';
import { UnreadModel } from './unread-model.js';
import type { UnreadOptions, UnreadReport } from './unread-options.js';

const { Ack, Read } = FrameType;
/** Steps after which everything is compared. */
const SETTLE_EVERY = 25;
const DEVICES = 2;
/** The latest messages, of which the writer changes some. */
const LATELY = 150;

/**
 * Lets one reader with two devices read, leave and come back in several conversations, at random,
 * and holds every answer, every frame and every list against a model.
 *
 * @throws Error at the first difference
 */
export async function unread(options: UnreadOptions): Promise<UnreadReport> {
  const play = await Play.begin(options.service, new Chance(options.seed));
  for (let step = 1; step <= options.steps; step++) {
    await play.step();
    if (step % SETTLE_EVERY === 0) await play.settle();
    if (step % options.killEvery === 0) await play.kill();
    options.progress?.(step);
  }
  await play.settle();
  return play.done;
}

class Play {
  readonly done: Record<string, number> = {};
  private devices: ChatSocket[] = [];
  private count = 0;
  private readonly conversations = [
    new UnreadModel('lobby'),
    new UnreadModel('@writer'),
    ...ROOMS.map(({ name, history }) => new UnreadModel(name, history, false)),
  ];

  private constructor(
    private readonly service: Service,
    private readonly chance: Chance,
    private readonly reader: Caller,
    private readonly writer: Caller,
  ) {}

  static async begin(service: Service, chance: Chance): Promise<Play> {
    const [reader, writer] = [await caller(service, 'reader'), await caller(service, 'writer')];
    const play = new Play(service, chance, reader, writer);
    for (const { name, kind, history } of ROOMS) await writer.found(name, kind, { history });
    for (const one of play.conversations) if (!one.isInside) one.happen();
    await play.connect();
    return play;
  }

  /** One random thing. */
  async step(): Promise<void> {
    const one = this.chance.pick(this.conversations);
    const roll = this.chance.below(100);
    if (!one.isInside) {
      if (roll < 40) await this.say(one, this.writer);
      else if (roll < 50) await this.change(one);
      else await this.comeIn(one);
    } else if (roll < 10) await this.change(one);
    else if (roll < 35) await this.say(one, this.writer);
    else if (roll < 45) await this.say(one, this.reader);
    else if (roll < 70) await this.markForward(one);
    else if (roll < 82) await this.markBack(one);
    else if (roll < 87) await this.markSeveral();
    else if (roll < 89) await this.markAll();
    else if (roll < 93) await this.reconnect();
    else if (one.name !== 'lobby' && !one.name.startsWith('@')) await this.goOut(one);
  }

  /** What the list says, and what both devices were told, is what the model says. */
  async settle(): Promise<void> {
    const listed = await api(this.service, this.reader.tokens).conversations(2);
    for (const one of this.conversations) {
      const item = listed.get(one.name);
      if (!one.isInside || (one.head === 0 && one.name !== 'lobby')) {
        this.expect(`${one.name} in the list`, item === undefined, true);
        continue;
      }
      const { seq, n, read, unread: behind } = item ?? { seq: -1, n: -1, read: -1, unread: -1 };
      const expected = [one.head, one.n, one.read, one.unread];
      this.expect(`${one.name} in the list`, [seq, n, read, behind], expected);
    }
    for (const device of this.devices) {
      await device.roundTrip();
      const untold = device.frames.filter((frame) => this.isOwnMark(frame)).length;
      this.expect('marks told', untold, this.told.get(device));
    }
  }

  /** What was read within a second may be lost, nothing else; then the reader says it again. */
  async kill(): Promise<void> {
    this.note('kills');
    const before = new Map(this.conversations.map((one) => [one, one.read]));
    await this.service.kill();
    await this.service.start();
    await this.connect();
    const listed = await api(this.service, this.reader.tokens).conversations();
    for (const one of this.conversations) {
      const item = listed.get(one.name);
      if (item === undefined || !one.isInside) continue;
      this.expect(`${one.name} left at ${item.read}`, one.left(item.read), true);
    }
    await this.settle();
    for (const [one, seq] of before) if (one.isInside) await this.markForward(one, seq);
  }

  /** How many marks each device was to be told of. */
  private readonly told = new Map<ChatSocket, number>();

  private async connect(): Promise<void> {
    this.devices = [];
    for (let at = 0; at < DEVICES; at++) this.devices.push(await this.open());
  }

  private async open(): Promise<ChatSocket> {
    const device = await join(this.service, this.reader.tokens);
    this.told.set(device, 0);
    return device;
  }

  private async say(one: UnreadModel, who: Caller): Promise<void> {
    this.note('messages');
    const path = one.pathFor(who === this.reader);
    let seq: number | undefined;
    if (who === this.reader && this.chance.happens(0.5)) {
      const device = this.chance.pick(this.devices);
      const ref = this.ref();
      const type = one.name.startsWith('@') ? FrameType.SingleChat : FrameType.GroupChat;
      device.send({ type, ...one.place, data: 'x', ref });
      ({ seq } = await device.next({ type: Ack, ref }));
    } else {
      ({ seq } = (await this.call(who, `POST ${path}/messages`, { data: 'x' })) as Frame);
    }
    this.expect(`the number of a message in ${one.name}`, seq, one.say());
    if (who === this.reader) one.forward(one.head);
    else one.others.push(one.head);
  }

  /** The writer edits or deletes something said lately. */
  private async change(one: UnreadModel): Promise<void> {
    const lately = one.others.slice(-LATELY);
    if (lately.length === 0) return;
    const target = this.chance.pick(lately);
    const path = `${one.pathFor(false)}/messages/${target}`;
    const isEdit = this.chance.happens(0.4);
    this.note(isEdit ? 'edits' : 'deletions');
    const { seq } = (await (isEdit
      ? this.call(this.writer, `PATCH ${path}`, { data: `text ${one.head}` })
      : this.call(this.writer, `DELETE ${path}`))) as Frame;
    if (isEdit) one.happen();
    else one.delete(target);
    this.expect(`the number of a change in ${one.name}`, seq, one.head);
  }

  private async markForward(one: UnreadModel, to?: number): Promise<void> {
    this.note('read');
    const seq = to ?? this.chance.below(one.head + 3);
    const moves = one.forward(seq);
    await this.mark(one, { seq }, moves);
  }

  private async markBack(one: UnreadModel): Promise<void> {
    this.note('marked unread');
    const seq = this.chance.below(one.head + 3);
    one.back(seq);
    await this.mark(one, { seq, unread: true }, true);
  }

  /** By a frame, of which the other device is told, or by a call, of which both are. */
  private async mark(one: UnreadModel, fields: object, moves: boolean): Promise<void> {
    const expected = [one.read, one.unread];
    if (this.chance.happens(0.2)) {
      const answer = (await this.call(
        this.reader,
        `PUT ${one.pathFor(true)}/read`,
        fields,
      )) as Position;
      this.expect(`a mark in ${one.name}`, [answer.seq, answer.unread], expected);
      if (moves) await this.tell(this.devices, { ...one.place, seq: one.read });
      return;
    }
    const device = this.chance.pick(this.devices);
    const answer = (await this.ask(device, { ...one.place, ...fields })) as Frame & Position;
    this.expect(`a mark in ${one.name}`, [answer.seq, answer.unread], expected);
    if (moves) await this.tell(this.but(device), { ...one.place, seq: one.read });
  }

  private async markSeveral(): Promise<void> {
    this.note('several read');
    const inside = this.conversations.filter(({ isInside }) => isInside);
    const data: Record<string, number> = {};
    const moved: UnreadModel[] = [];
    for (const one of inside) {
      data[one.name] = this.chance.below(one.head + 2);
      if (one.forward(data[one.name] ?? 0)) moved.push(one);
    }
    const device = this.chance.pick(this.devices);
    const answer = await this.ask(device, { data });
    for (const { name, read } of inside) {
      this.expect(`a mark in ${name}`, (answer.data as Record<string, number>)[name], read);
    }
    for (const { place, read } of moved) await this.tell(this.but(device), { ...place, seq: read });
  }

  private async markAll(): Promise<void> {
    this.note('all read');
    const device = this.chance.pick(this.devices);
    await this.ask(device, { data: 'all' });
    for (const one of this.conversations) {
      if (!one.isInside) continue;
      one.forward(one.head);
      one.kept();
    }
    await this.tell(this.but(device), { data: 'all' });
  }

  private async comeIn(one: UnreadModel): Promise<void> {
    this.note('joins');
    if (this.chance.happens(0.5)) {
      await this.call(this.writer, `PUT /rooms/${one.name}/members/reader`, {});
    } else {
      await this.call(this.writer, `PUT /rooms/${one.name}/invitations/reader`);
      await this.call(this.reader, `PUT /rooms/${one.name}/members/me`);
    }
    one.join();
  }

  private async goOut(one: UnreadModel): Promise<void> {
    this.note('leaves');
    const who = this.chance.happens(0.5) ? this.reader : this.writer;
    const name = who === this.reader ? 'me' : 'reader';
    await this.call(who, `DELETE /rooms/${one.name}/members/${name}`);
    one.part();
  }

  private async reconnect(): Promise<void> {
    this.note('reconnects');
    const at = this.chance.below(DEVICES);
    await this.devices[at]?.terminate();
    this.devices[at] = await this.open();
  }

  private async ask(device: ChatSocket, fields: object): Promise<Frame> {
    const ref = this.ref();
    device.send({ type: Read, ...fields, ref });
    return device.next((frame) => frame.ref === ref);
  }

  private async tell(devices: readonly ChatSocket[], fields: Partial<Frame>): Promise<void> {
    for (const device of devices) {
      this.told.set(device, (this.told.get(device) ?? 0) + 1);
      await device.next({ type: Read, ...fields });
    }
  }

  private but(device: ChatSocket): readonly ChatSocket[] {
    return this.devices.filter((one) => one !== device);
  }

  private isOwnMark({ type, user, ref }: Frame): boolean {
    return type === Read && user?.id === this.reader.user.id && ref === undefined;
  }

  private async call(who: Caller, what: string, body?: object): Promise<unknown> {
    const answer: { readonly status: number; readonly body: unknown } = await who.call(what, body);
    if (answer.status < 400) return answer.body;
    throw new Error(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  private expect(what: string, found: unknown, expected: unknown): void {
    const [is, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
    if (is !== wanted) throw new Error(`${what} is ${is}, not ${wanted}`);
  }

  private note(what: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
  }

  private ref(): string {
    return `r${++this.count}`;
  }
}

interface Position {
  readonly seq: number;
  readonly unread: number;
}
