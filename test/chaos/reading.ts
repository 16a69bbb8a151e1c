import { setTimeout as sleep } from 'node:timers/promises';
import { FrameType } from '@parley/protocol';
import type { Place } from '../support/people.js';
import { api, type Listed } from '../support/reading.js';
import type { Frame } from '../support/ws-client.js';
import type { Chance } from './chance.js';
import type { Faults } from './faults.js';
import { type Conversation, conversationOf } from './message.js';
import type { Moves } from './moves.js';
import { isRoom } from './rooms.js';
import type { Visitor } from './doorkeeper.js';

/** What a device or a node may take to learn what another one was told. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** As many deleted messages are counted behind a mark. */
const MOST_GONE = 100;

/** A conversation as the ledger has it. */
export interface Counted {
  readonly head: number;
  /** The numbers of its messages that count as unread, or did, ascending. */
  readonly messages: readonly number[];
  /** Those of them that were deleted. */
  readonly gone: readonly number[];
}

interface Position {
  readonly seq: number;
  readonly unread: number;
}

/**
 * Lets everybody move marks, forward on one device and back on the other, and holds what the service
 * says of them against what a ledger of all messages says: the answer, what the other device is told,
 * and the list of conversations.
 */
export class Reading {
  constructor(
    private readonly place: Place,
    private readonly counted: ReadonlyMap<Conversation, Counted>,
    private readonly moves: Moves,
    private readonly faults: Faults,
    private readonly chance: Chance,
  ) {}

  async judge(reader: Visitor): Promise<void> {
    const { username } = reader.tokens.user;
    const listed = await api(this.place, reader.tokens).conversations();
    const expected = new Map<string, Position>();
    for (const [name, item] of listed) {
      const counted = this.counted.get(conversationIn(username, name));
      if (counted === undefined || counted.head === 0) continue;
      const { head, messages } = counted;
      if (item.seq !== head || item.n !== messages.length) {
        this.fault(username, name, `is ${item.seq} and ${item.n}`, head, messages.length);
      }
      expected.set(name, await this.mark(reader, name, counted));
    }
    this.missing(username, listed);
    const devices = reader.devices.map(({ views }) => views.marks);
    await this.settle(username, expected, () => Promise.resolve(devices[0] ?? new Map()));
    await this.settle(username, expected, async () => {
      const found = await api(this.place, reader.tokens).conversations();
      return new Map([...found].map(([name, { read: seq, unread }]) => [name, { seq, unread }]));
    });
  }

  /** @returns where the mark stands at the end */
  private async mark(reader: Visitor, name: string, counted: Counted): Promise<Position> {
    const { username } = reader.tokens.user;
    const [one, other] = reader.devices;
    const first = this.moves.staysOf(name, username).at(-1)?.first ?? 0;
    const [forward, back] = [0, 0].map(() => this.chance.between(first, counted.head));
    const place = name.startsWith('@') ? { to: name.slice(1) } : { room: name };
    const read = { type: FrameType.Read, ...place };
    const moved = positionIn(await one?.ask({ ...read, seq: forward }));
    if (moved.seq < (forward ?? 0) || moved.seq > counted.head) {
      this.fault(username, name, `was moved to ${moved.seq}`, forward ?? 0, counted.head);
    }
    this.compare(username, name, moved, unreadIn(counted, moved.seq));
    const seq = back ?? 0;
    const answer = await other?.ask({ ...read, seq: seq + 1, unread: true });
    const expected = unreadIn(counted, seq);
    this.compare(username, name, positionIn(answer), expected);
    return expected;
  }

  private missing(username: string, listed: ReadonlyMap<string, Listed>): void {
    for (const room of this.counted.keys()) {
      if (!isRoom(room)) continue;
      const isInside = this.moves.staysOf(room, username).at(-1)?.last === Infinity;
      if (isInside === listed.has(room)) continue;
      this.faults.note('unread', `${username}: ${room} is ${isInside ? 'not ' : ''}in the list`);
    }
  }

  private compare(username: string, name: string, found: Position, expected: Position): void {
    if (found.seq === expected.seq && found.unread === expected.unread) return;
    this.fault(username, name, `is ${found.seq}, ${found.unread}`, expected.seq, expected.unread);
  }

  private async settle(
    username: string,
    expected: ReadonlyMap<string, Position>,
    look: () => Promise<ReadonlyMap<string, Position>>,
  ): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      const wrong = [...expected].filter(([name, { seq, unread }]) => {
        const position = found.get(name);
        return position?.seq !== seq || position.unread !== unread;
      });
      if (wrong.length === 0) return;
      if (performance.now() < end) {
        await sleep(LOOK_EVERY_MS);
        continue;
      }
      const nowhere = { seq: NaN, unread: NaN };
      for (const [name, position] of wrong) {
        this.compare(username, name, found.get(name) ?? nowhere, position);
      }
      return;
    }
  }

  private fault(username: string, name: string, is: string, ...wanted: readonly number[]): void {
    this.faults.note('unread', `${username}: ${name} ${is}, not ${wanted.join(', ')}`);
  }
}

/** What was deleted is counted to a hundred. */
function unreadIn({ messages, gone }: Counted, seq: number): Position {
  const behind = (numbers: readonly number[]) => numbers.filter((number) => number > seq).length;
  return { seq, unread: behind(messages) - Math.min(MOST_GONE, behind(gone)) };
}

function positionIn(frame: Frame | undefined): Position {
  const unread = frame !== undefined && 'unread' in frame ? frame.unread : NaN;
  return { seq: frame?.seq ?? NaN, unread: typeof unread === 'number' ? unread : NaN };
}

function conversationIn(username: string, name: string): Conversation {
  return name.startsWith('@') ? conversationOf(username, name.slice(1)) : name;
}
