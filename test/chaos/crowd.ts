import { setTimeout as sleep } from 'node:timers/promises';
import { guest, type Place, type Tokens } from '../support/people.js';
import type { Chance } from './chance.js';
import { Doorkeeper, type Visitor } from './doorkeeper.js';
import { History } from './history.js';
import { LOBBY } from './message.js';
import { ROOMS } from './rooms.js';
import type { Surroundings } from './surroundings.js';
import { Talker } from './talker.js';

const LOOK_EVERY_MS = 20;

/** All who talk: people with two devices each. */
export class Crowd {
  private readonly talkers: Talker[] = [];
  private people: readonly Tokens[] = [];
  private doorkeepers: readonly Doorkeeper[] = [];
  private missing = new Set<Talker>();
  private tellComplete: () => void = () => undefined;

  constructor(
    private readonly place: Place,
    private readonly around: Omit<Surroundings, 'caughtUp'>,
    private readonly chance: Chance,
  ) {}

  /** @param clients how many connect; every person has two of them */
  async gather(clients: number): Promise<void> {
    const names = Array.from({ length: Math.ceil(clients / 2) }, (_, index) => `person-${index}`);
    this.people = await Promise.all(names.map((name) => guest(this.place, name)));
    for (const me of this.people) {
      const one = this.talker(me, 'a', [LOBBY]);
      const other = this.talker(me, 'b', [LOBBY]);
      [one.sibling, other.sibling] = [other, one];
      this.talkers.push(one, other);
    }
    this.doorkeepers = this.guard();
    for (const doorkeeper of this.doorkeepers) await doorkeeper.found();
    for (const talker of this.talkers) talker.connect();
  }

  /** All people, with their two devices. */
  get visitors(): readonly Visitor[] {
    return this.people.map((tokens) => this.visitor(tokens));
  }

  get everybody(): readonly Talker[] {
    return this.talkers;
  }

  /** @returns one reading of each conversation, by somebody who may */
  histories(): readonly {
    readonly name: string;
    readonly history: History;
    readonly me: string;
  }[] {
    return this.people.flatMap((me, index) => {
      const history = this.historyOf(me);
      const names = this.people.slice(index + 1).map(({ user }) => `@${user.username}`);
      // The first one owns the rooms, and never leaves them.
      if (index === 0) names.unshift(LOBBY, ...ROOMS.map((room) => room.name));
      return names.map((name) => ({ name, history, me: me.user.username }));
    });
  }

  /** Devices that know nothing yet, one of each person: their Sync asks for all from 0 on. */
  async newcomers(milliseconds: number): Promise<boolean> {
    const newcomers = this.people.map((me, index) =>
      // One reader of the room is enough; private conversations have two anyway.
      this.talker(me, 'new', index === 0 ? [LOBBY] : []),
    );
    this.talkers.push(...newcomers);
    for (const newcomer of newcomers) newcomer.connect();
    return await this.quiet(milliseconds);
  }

  talk(): void {
    for (const talker of this.talkers) talker.talk();
    for (const doorkeeper of this.doorkeepers) doorkeeper.open();
  }

  /** Resolves when nobody comes or goes any more. */
  async hush(): Promise<void> {
    for (const talker of this.talkers) talker.hush();
    await Promise.all(this.doorkeepers.map((doorkeeper) => doorkeeper.close()));
  }

  leave(): void {
    for (const talker of this.talkers) talker.leave();
  }

  /** Resolves when each of them who is away has caught up. */
  complete(): Promise<void> {
    this.missing = new Set(this.talkers.filter(({ isAway }) => isAway));
    return new Promise((resolve) => (this.tellComplete = resolve));
  }

  /** @returns whether all have everything, and an answer to everything, before the time is over */
  async quiet(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      if (this.talkers.every(({ isQuiet }) => isQuiet)) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  private visitor(tokens: Tokens): Visitor {
    const own = this.talkers.filter(({ person }) => person === tokens.user.username);
    return { tokens, devices: own.slice(0, 2) };
  }

  private guard(): readonly Doorkeeper[] {
    const [owner, ...others] = this.people;
    if (owner === undefined) throw new Error('there is nobody');
    const visitors = others.map((tokens) => this.visitor(tokens));
    const { moves, faults } = this.around;
    const url = (): string => this.place.url;
    return ROOMS.map(
      (room) => new Doorkeeper(room, owner, visitors, url, moves, faults, this.chance.fork()),
    );
  }

  private talker(me: Tokens, device: string, rooms: readonly string[]): Talker {
    const { username } = me.user;
    const others = this.people.map(({ user }) => user.username).filter((name) => name !== username);
    const caughtUp = (talker: Talker): void => {
      this.missing.delete(talker);
      if (this.missing.size === 0) this.tellComplete();
    };
    return new Talker(
      `${username}${device}`,
      me,
      others,
      this.historyOf(me),
      { ...this.around, caughtUp },
      this.chance.fork(),
      rooms,
    );
  }

  private historyOf(me: Tokens): History {
    return new History(() => this.place.url, me.access_token);
  }
}
