import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Random } from '../../conformance/random.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, type Member } from '../../support/people.js';
import { ask, call, done, items } from './calls.js';

const STEPS = Number(process.env['THREAD_STEPS'] ?? 250);
const SEED = Number(process.env['THREAD_SEED'] ?? randomInt(2 ** 32));
const COMPARE_EVERY = 10;

/** A message as the model has it. */
interface Said {
  readonly by: number;
  readonly root: number | null;
  /** Whether it stands in its thread alone. */
  readonly alone: boolean;
  isDeleted: boolean;
}

/** Threads as the contract has them: who follows, and up to where each has read; all else is counted. */
class Model {
  readonly said = new Map<number, Said>();
  /** By person and root; absent: does not follow; null: does not want to. */
  private readonly marks = new Map<string, number | null>();
  head = 0;

  say(by: number, seq: number, root: number | null, alone: boolean): void {
    this.head = seq;
    this.said.set(seq, { by, root, alone, isDeleted: false });
    if (root === null) return;
    const beginner = this.said.get(root)?.by ?? by;
    if (this.of(beginner, root) === undefined) this.put(beginner, root, root);
    this.put(by, root, seq);
  }

  of(person: number, root: number): number | null | undefined {
    return this.marks.get(`${person} ${root}`);
  }

  put(person: number, root: number, seq: number | null): void {
    this.marks.set(`${person} ${root}`, seq);
  }

  repliesTo(root: number): readonly (readonly [number, Said])[] {
    return [...this.said].filter(([, one]) => one.root === root);
  }

  unread(person: number, root: number): number {
    const mark = this.of(person, root) ?? this.head;
    const behind = this.repliesTo(root).filter(([seq]) => seq > mark);
    return behind.filter(([, one]) => one.alone && !one.isDeleted).length;
  }

  /** What `GET /threads` should list. */
  followed(person: number): readonly object[] {
    const roots = [...this.said.keys()].filter((seq) => typeof this.of(person, seq) === 'number');
    const last = (root: number) => this.repliesTo(root).at(-1)?.[0] ?? 0;
    const order = (root: number) => last(root) || root;
    return roots
      .sort((one, other) => order(other) - order(one))
      .map((root) => ({
        ...{ seq: root, last_seq: last(root) },
        count: this.repliesTo(root).filter(([, one]) => !one.isDeleted).length,
        ...{ read: this.of(person, root), unread: this.unread(person, root) },
      }));
  }
}

/** Three people who talk in threads of one room. */
class Play {
  private readonly model = new Model();
  private events = 0;

  constructor(
    private readonly place: RunningApp,
    private readonly people: readonly Member[],
    private readonly random: Random,
  ) {}

  async step(): Promise<void> {
    const by = this.random.below(this.people.length);
    const roots = [...this.model.said].filter(([, one]) => one.root === null).map(([seq]) => seq);
    const roll = this.random.fraction();
    if (roots.length === 0 || roll < 0.1) return this.say(by, null);
    const root = this.random.pick(roots);
    if (roll < 0.55) return this.say(by, root);
    if (roll < 0.7) return this.delete(by);
    if (roll < 0.88) return this.read(by, root, this.random.chance(0.3));
    return this.follow(by, root, this.random.chance(0.5));
  }

  async compare(): Promise<void> {
    for (const [person, { tokens }] of this.people.entries()) {
      const listed = await items(this.place, tokens, '/threads?limit=200');
      const shown = listed.map(({ root, count, last_seq, read, unread }) => {
        const { seq } = root as { seq: number };
        return { seq, last_seq, count, read, unread };
      });
      expect(shown).toEqual(this.model.followed(person));
    }
  }

  private async say(by: number, root: number | null): Promise<void> {
    if (root !== null && this.model.said.get(root)?.isDeleted) return;
    const also = root !== null && this.random.chance(0.25);
    const thread = root === null ? {} : { thread: root, ...(also ? { also } : {}) };
    const seq = await done(this.socketOf(by), { type: 2, data: 'x', ...thread });
    expect(seq).toBe(this.nextSeq());
    this.model.say(by, seq, root, root !== null && !also);
  }

  private async delete(by: number): Promise<void> {
    const own = [...this.model.said].filter(([, one]) => one.by === by && !one.isDeleted);
    if (own.length === 0) return;
    const [seq, said] = this.random.pick(own);
    const at = await done(this.socketOf(by), { type: 13, target: seq });
    expect(at).toBe(this.nextSeq());
    this.model.head = at;
    said.isDeleted = true;
  }

  private async read(by: number, root: number, unread: boolean): Promise<void> {
    const seq = 1 + this.random.below(this.events + 3);
    const known = this.model.of(by, root);
    if (typeof known === 'number') {
      const wanted = Math.min(unread ? Math.max(root, seq - 1) : seq, this.events);
      this.model.put(by, root, unread ? wanted : Math.max(known, wanted));
    }
    const fields = { type: 11, room: 'lobby', thread: root, seq, ...(unread ? { unread } : {}) };
    const ref = `read ${String(Math.random())}`;
    this.socketOf(by).send({ ...fields, ref });
    expect(await this.socketOf(by).next({ ref })).toMatchObject({
      seq: this.model.of(by, root) ?? 0,
      unread: typeof known === 'number' ? this.model.unread(by, root) : 0,
    });
  }

  private async follow(by: number, root: number, follows: boolean): Promise<void> {
    const path = `/rooms/lobby/messages/${String(root)}/thread/follow`;
    const { tokens } = this.people[by] as Member;
    const { status } = await call(this.place, tokens, follows ? 'PUT' : 'DELETE', path);
    const isGone = this.model.said.get(root)?.isDeleted === true;
    expect(status).toBe(follows && isGone ? 410 : 200);
    if (status !== 200) return;
    const isFollowed = typeof this.model.of(by, root) === 'number';
    const last = this.model.repliesTo(root).at(-1)?.[0] ?? root;
    if (!follows) this.model.put(by, root, null);
    else if (!isFollowed) this.model.put(by, root, last);
  }

  private nextSeq(): number {
    return ++this.events;
  }

  private socketOf(by: number): Member['socket'] {
    return (this.people[by] as Member).socket;
  }
}

onEachEngine((newDatabase) => {
  describe(`Threads followed at random (THREAD_SEED=${String(SEED)})`, () => {
    it(`are what one list and some marks say: ${String(STEPS)} steps`, async () => {
      const limits = { COMMAND_RATE: '0', MESSAGE_RATE: '0', HISTORY_RATE: '0' };
      const place = await startApp({ ...(await newDatabase()), ...limits });
      const people = await Promise.all(['ann', 'ben', 'cat'].map((name) => enter(place, name)));
      const play = new Play(place, people, new Random(SEED));
      for (let step = 1; step <= STEPS; step++) {
        await play.step();
        if (step % COMPARE_EVERY === 0) await play.compare();
      }
      await play.compare();
      expect(await ask((people[0] as Member).socket, { type: 2, data: 'end' })).toMatchObject({
        type: 6,
      });
    }, 180_000);
  });
});
