import { FrameType } from '@parley/protocol';
import { Caller, caller } from '../api/rooms/rest.js';
import { join, type Place } from '../support/people.js';
import type { ChatSocket, Frame } from '../support/ws-client.js';
import { Chance } from './chance.js';
import { Faults } from './faults.js';

const ROOM = 'arena';
/** People who are put out again and again, all at the same time. */
const VISITORS = 8;
/** Messages of one speaker that wait for their Ack. */
const WINDOW = 4;
const PATIENCE_MS = 60_000;
const BUSY = 503;
const { Ack, GroupChat, Join, Part, Reject } = FrameType;

export interface RemovalsOptions {
  readonly count: number;
  readonly seed: number;
  /** The nodes of one service. */
  readonly nodes: readonly Place[];
}

export interface RemovalsReport {
  readonly removals: number;
  /** Calls that were refused for now. */
  readonly busy: number;
  /** The last number of the room. */
  readonly head: number;
  readonly told: number;
  readonly seconds: number;
  readonly faults: Faults;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Removes people from a room while everybody talks in it, on every node, and holds what each device
 * was told against the room's log: all from the own Join to the own Part, and nothing else; and who
 * stays misses nothing.
 */
export async function removals({ count, seed, nodes }: RemovalsOptions): Promise<RemovalsReport> {
  const began = performance.now();
  const arena = await Arena.open(nodes, new Chance(seed));
  await arena.run(count);
  const faults = new Faults();
  const { head, told } = await arena.judge(faults);
  const seconds = (performance.now() - began) / 1_000;
  const { removed, busy } = arena;
  return { removals: removed, busy, head, told, seconds, faults };
}

class Arena {
  removed = 0;
  busy = 0;
  private isOver = false;

  private constructor(
    private readonly nodes: readonly Place[],
    private readonly chance: Chance,
    private readonly owner: Caller,
    private readonly visitors: readonly Caller[],
    /** Of those who stay: one on each node. */
    private readonly staying: readonly ChatSocket[],
    /** By visitor: one on each node. */
    private readonly going: ReadonlyMap<Caller, readonly ChatSocket[]>,
  ) {}

  static async open(nodes: readonly Place[], chance: Chance): Promise<Arena> {
    const [first] = nodes;
    if (first === undefined) throw new Error('there are no nodes');
    const owner = await caller(first, 'owner');
    const staying = await caller(first, 'staying');
    const visitors: Caller[] = [];
    for (let at = 0; at < VISITORS; at++) visitors.push(await caller(first, `visitor-${at}`));
    await owner.found(ROOM, 'private', { members: ['staying'] });
    const devices = ({ tokens }: Caller): Promise<ChatSocket[]> =>
      Promise.all(nodes.map((node) => join(node, tokens)));
    const going = new Map<Caller, readonly ChatSocket[]>();
    for (const visitor of visitors) going.set(visitor, await devices(visitor));
    return new Arena(nodes, chance, owner, visitors, await devices(staying), going);
  }

  /** Until so many were removed. */
  async run(count: number): Promise<void> {
    const talking = this.staying.map((socket, at) => this.talk(socket, `stays-${at}`));
    const heckling = [...this.going.values()].map(([socket], at) =>
      this.talk(socket, `goes-${at}`),
    );
    const all = [...talking, ...heckling];
    await Promise.all(this.visitors.map((visitor) => this.removeAgain(visitor, count)));
    this.isOver = true;
    await Promise.all(all);
  }

  /** Compares what each device was told with the log, as those who stay were told of it. */
  async judge(faults: Faults): Promise<{ readonly head: number; readonly told: number }> {
    const answer = await this.owner.call(`POST /rooms/${ROOM}/messages`, { data: 'the end' });
    const { seq: head } = answer.body as { readonly seq: number };
    for (const socket of this.staying) await socket.next({ room: ROOM, seq: head }, PATIENCE_MS);
    const events = this.staying[0]?.frames.filter(isNumbered) ?? [];
    // Whoever stays was let in at 2; the Join of who made the room came before.
    for (const socket of this.staying)
      this.compare(faults, 'who stays', socket, [{ first: 3, last: head }]);
    let told = this.staying.length * head;
    for (const [{ user }, sockets] of this.going) {
      const spans = spansOf(events, user.username);
      const last = spans.at(-1)?.last ?? 0;
      for (const socket of sockets) {
        await socket.next({ room: ROOM, type: Part, seq: last }, PATIENCE_MS);
        await socket.roundTrip();
        this.compare(faults, user.username, socket, spans);
        told += socket.frames.filter(isNumbered).length;
      }
      this.judgeWords(faults, events, user.username, spans);
    }
    return { head, told };
  }

  private compare(faults: Faults, who: string, socket: ChatSocket, spans: readonly Span[]): void {
    const expected = spans.flatMap(({ first, last }) => range(first, last));
    const told = socket.frames.filter(isNumbered).map(({ seq }) => seq ?? 0);
    const allowed = new Set(expected);
    const had = new Set(told);
    for (const seq of told) if (!allowed.has(seq)) faults.note('beyond', `${who}: #${seq}`);
    for (const seq of expected) if (!had.has(seq)) faults.note('gap', `${who}: #${seq}`);
    if (told.length !== had.size) faults.note('repeated', who);
    if (told.some((seq, at) => seq < (told[at - 1] ?? 0))) faults.note('reordered', who);
  }

  /** Nobody says anything but between the own Join and the own Part. */
  private judgeWords(
    faults: Faults,
    events: readonly Frame[],
    name: string,
    spans: readonly Span[],
  ): void {
    for (const { type, user, seq = 0 } of events) {
      if (type !== GroupChat || user?.username !== name) continue;
      const isInside = spans.some(({ first, last }) => first < seq && seq < last);
      if (!isInside) faults.note('outside', `${name}: #${seq}`);
    }
  }

  private async removeAgain({ user }: Caller, count: number): Promise<void> {
    const place = `/rooms/${ROOM}/members/${user.username}`;
    while (this.removed < count) {
      this.removed += 1;
      await this.call(`PUT ${place}`, 201);
      await new Promise((resolve) => setTimeout(resolve, this.chance.between(0, 60)));
      await this.call(`DELETE ${place}`, 204);
    }
  }

  /** On whichever node; again where the others there and elsewhere were faster all the time. */
  private async call(what: string, expected: number): Promise<void> {
    const owner = new Caller(this.chance.pick(this.nodes), this.owner.tokens);
    const { status } = await owner.call(what, what.startsWith('PUT') ? {} : undefined);
    if (status === expected) return;
    if (status !== BUSY) throw new Error(`${what} answered ${status}`);
    this.busy += 1;
    await this.call(what, expected);
  }

  /** As fast as it is answered; who is not in the room is refused. */
  private async talk(socket: ChatSocket | undefined, prefix: string): Promise<void> {
    if (socket === undefined) return;
    const one = async (lane: number): Promise<void> => {
      for (let at = 0; !this.isOver; at++) {
        const ref = `${prefix}.${lane}.${at}`;
        socket.send({ type: GroupChat, room: ROOM, data: ref, ref });
        const isAnswer = (frame: Frame): boolean => frame.ref === ref;
        const { type } = await socket.next(isAnswer, PATIENCE_MS);
        const wait = type === Reject ? 20 : this.chance.between(5, 20);
        if (type !== Ack && type !== Reject)
          throw new Error(`a frame of type ${type} for a message`);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    };
    await Promise.all(range(1, WINDOW).map(one));
  }
}

function spansOf(events: readonly Frame[], name: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { type, user, seq = 0 } of events) {
    if (user?.username !== name) continue;
    if (type === Join) spans.push({ first: seq, last: Infinity });
    else if (type === Part) spans.push({ first: spans.pop()?.first ?? seq, last: seq });
  }
  return spans;
}

function isNumbered({ room, seq, type }: Frame): boolean {
  return room === ROOM && seq !== undefined && type !== Ack;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
