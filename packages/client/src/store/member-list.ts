import {
  FrameType,
  type JoinFrame,
  type MemberFrame,
  type PartFrame,
  type Person,
} from '@parley/protocol';
import type { Member, Role } from '../room-calls.js';
import { latest, type Versioned } from './versioned.js';

/** Somebody in a room, as far as it is known. */
export interface RoomMember {
  readonly user: Person;
  /** Of whoever came in and was not listed since: that of most. */
  readonly role: Role;
}

/** People who are remembered of one room. */
const MOST = 10_000;

/** Who is in a room: what a list told, with what was heard before or since. */
export class MemberList {
  /** By their ids; null: not in it. */
  private readonly people = new Map<string, Versioned<RoomMember | null>>();

  get list(): readonly RoomMember[] {
    return [...this.people.values()].map(({ value }) => value).filter((one) => one !== null);
  }

  roleOf(id: string): Role | null {
    return this.people.get(id)?.value?.role ?? null;
  }

  take(frame: JoinFrame | PartFrame | MemberFrame): void {
    const { seq: at } = frame;
    switch (frame.type) {
      case FrameType.Join:
        this.put(frame.user.id, { at, value: { user: frame.user, role: 'member' } });
        break;
      case FrameType.Part:
        this.put(frame.user.id, { at, value: null });
        break;
      case FrameType.Member:
        this.put(frame.member.id, { at, value: { user: frame.member, role: frame.data.role } });
    }
  }

  /** @param at up to where the log was known when the list was asked for */
  learn(items: readonly Member[], at: number): void {
    for (const { user, role } of items) this.put(user.id, { at, value: { user, role } });
  }

  private put(id: string, next: Versioned<RoomMember | null>): void {
    const winner = latest(this.people.get(id) ?? null, next);
    if (winner === null || (this.people.size >= MOST && !this.people.has(id))) return;
    this.people.set(id, winner);
  }
}
