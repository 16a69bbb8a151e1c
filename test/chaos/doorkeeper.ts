import { setTimeout as sleep } from 'node:timers/promises';
import { FrameType } from '@parley/protocol';
import type { Tokens } from '../support/people.js';
import type { Chance } from './chance.js';
import type { Faults } from './faults.js';
import type { Move, Moves } from './moves.js';
import type { ChaosRoom } from './rooms.js';
import type { Talker } from './talker.js';

/** Between two moves. */
const SHORTEST_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 400;
/** Before a call is tried again. */
const LATER_MS = 100;
const { Join, Part } = FrameType;

/** Somebody who comes and goes. */
export interface Visitor {
  readonly tokens: Tokens;
  readonly devices: readonly Talker[];
}

interface Answer {
  readonly status: number;
  readonly seq: number | null;
  /** Earlier attempts whose answers were lost. */
  readonly lost: number;
}

/**
 * Lets people into one room and puts them out, one after the other, over REST and by frames. Each
 * move is asked for until it is answered, so that it takes place exactly once.
 */
export class Doorkeeper {
  /** Who is in, the owner left out. */
  private readonly roles = new Map<Visitor, 'member' | 'moderator'>();
  private isOpen = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly room: ChaosRoom,
    private readonly owner: Tokens,
    private readonly visitors: readonly Visitor[],
    private readonly url: () => string,
    private readonly moves: Moves,
    private readonly faults: Faults,
    private readonly chance: Chance,
  ) {}

  /** Makes the room, whose owner stays in it. */
  async found(): Promise<void> {
    this.moves.begin(this.room.name, this.owner.user.username, { type: Join, how: 'self' });
    const { status } = await this.call(this.owner, 'POST', '/rooms', {
      ...this.room,
      ref: this.room.name,
    });
    if (status !== 201) throw new Error(`the room ${this.room.name} was not made: ${status}`);
  }

  /** Until {@link close}. */
  open(): void {
    this.isOpen = true;
    this.working = this.work();
  }

  /** Resolves when the last move is answered. */
  close(): Promise<void> {
    this.isOpen = false;
    return this.working;
  }

  private async work(): Promise<void> {
    while (this.isOpen) {
      const visitor = this.chance.pick(this.visitors);
      const role = this.roles.get(visitor);
      if (role === undefined) await this.letIn(visitor);
      else if (this.chance.happens(0.4)) await this.letOut(visitor, role);
      else if (role === 'member' && this.chance.happens(0.2)) await this.promote(visitor);
      await sleep(this.chance.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    }
  }

  private async letIn(visitor: Visitor): Promise<void> {
    if (this.chance.happens(0.4)) {
      this.begin(visitor, Join, 'added');
      await this.expect(this.call(this.owner, 'PUT', this.placeOf(visitor), {}), [200, 201]);
    } else {
      const isInvited = this.room.kind === 'private';
      if (isInvited) await this.invite(visitor);
      const move = this.begin(visitor, Join, isInvited ? 'invited' : 'self');
      const answer = this.chance.happens(0.5)
        ? this.call(visitor.tokens, 'PUT', `/rooms/${this.room.name}/members/me`)
        : this.ask(visitor, Join);
      move.seq = await this.expect(answer, [200]);
    }
    this.roles.set(visitor, 'member');
  }

  private async letOut(visitor: Visitor, role: 'member' | 'moderator'): Promise<void> {
    this.roles.delete(visitor);
    if (this.chance.happens(0.6)) {
      this.begin(visitor, Part, 'kicked');
      await this.expect(this.call(this.superior(role), 'DELETE', this.placeOf(visitor)), [204]);
      return;
    }
    const move = this.begin(visitor, Part, 'self');
    const answer = this.chance.happens(0.5)
      ? this.call(visitor.tokens, 'DELETE', `/rooms/${this.room.name}/members/me`)
      : this.ask(visitor, Part);
    move.seq = await this.expect(answer, [200, 204]);
  }

  private async promote(visitor: Visitor): Promise<void> {
    const call = this.call(this.owner, 'PUT', this.placeOf(visitor), { role: 'moderator' });
    await this.expect(call, [200]);
    this.roles.set(visitor, 'moderator');
  }

  private async invite({ tokens }: Visitor): Promise<void> {
    const path = `/rooms/${this.room.name}/invitations/${tokens.user.username}`;
    await this.expect(this.call(this.owner, 'PUT', path), [204]);
  }

  /** Who may put somebody out: the owner, or of members a moderator. */
  private superior(role: 'member' | 'moderator'): Tokens {
    const moderators = [...this.roles].filter(([, theirs]) => theirs === 'moderator');
    if (role === 'moderator' || moderators.length === 0) return this.owner;
    return this.chance.pick([this.owner, ...moderators.map(([{ tokens }]) => tokens)]);
  }

  private begin({ tokens }: Visitor, type: Move['type'], how: string): Move {
    return this.moves.begin(this.room.name, tokens.user.username, { type, how });
  }

  /** Where an earlier attempt was carried out, whoever goes is not there any more. */
  private async expect(answer: Promise<Answer>, good: readonly number[]): Promise<number | null> {
    const { status, seq, lost } = await answer;
    const isDone = good.includes(status) || (status === 403 && lost > 0);
    if (!isDone) this.faults.note('refused', `a call about ${this.room.name} answered ${status}`);
    return seq;
  }

  /** By a frame of one of the devices; a Reject counts as 403. */
  private async ask({ devices }: Visitor, type: Move['type']): Promise<Answer> {
    const answer = await this.chance.pick(devices).ask({ type, room: this.room.name });
    if (answer.type === FrameType.Ack) return { status: 200, seq: answer.seq ?? null, lost: 0 };
    // Whether it was sent before is not known here.
    return { status: answer.code === 'not-a-member' ? 403 : 400, seq: null, lost: 1 };
  }

  private async call(
    { access_token: token }: Tokens,
    method: string,
    path: string,
    body?: object,
  ): Promise<Answer> {
    for (let lost = 0; ; lost++) {
      try {
        const response = await fetch(this.url() + path, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        const { status } = response;
        if (status < 500 && status !== 429) return { status, seq: seqIn(text), lost };
      } catch {
        // The node is gone; what it did of it is seen at the next attempt.
      }
      await sleep(LATER_MS);
    }
  }

  private placeOf({ tokens }: Visitor): string {
    return `/rooms/${this.room.name}/members/${tokens.user.username}`;
  }
}

function seqIn(text: string): number | null {
  const body: unknown = text === '' ? null : JSON.parse(text);
  const isNumbered = typeof body === 'object' && body !== null && 'seq' in body;
  return isNumbered && typeof body.seq === 'number' ? body.seq : null;
}
