import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Membership } from '../conversations/room.js';
import type { RoomChange } from '../conversations/room-change.js';
import { type Ban, RoomStore } from '../conversations/room-store.js';
import { checkText } from '../messages/text-policy.js';
import { LIVE_BANS, REASON_LENGTH } from './bounds.js';
import { Exits } from './exits.js';
import { knownPerson } from './known-person.js';
import { refuseActing } from './ranks.js';
import { type InRoom, RoomReader } from './room-reader.js';
import { expect, RoomWriter } from './room-writer.js';

/** Why, and for how long; null: without saying why, for ever. */
export interface BanBounds {
  readonly reason: string | null;
  /** Milliseconds. */
  readonly lifetime: number | null;
}

interface Banning extends InRoom {
  readonly theirs: Membership | null;
}

/**
 * Who may not come into a room. Every call needs the right to manage it, and rejects with a Refusal:
 * as {@link RoomReader} for whoever may not.
 */
@Injectable()
export class BansService {
  constructor(
    private readonly reader: RoomReader,
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly exits: Exits,
    private readonly users: UserDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes somebody, and keeps the person out: also who was never in. A ban replaces the one before.
   * @throws Refusal `unknown-recipient`; `forbidden` for an equal or higher role; `limit-reached`
   */
  async ban(me: Person, name: string, username: string, bounds: BanBounds): Promise<Ban> {
    const { reason, lifetime } = bounds;
    if (reason !== null) checkText(reason, REASON_LENGTH, 'reason');
    await this.inside(me, name);
    const other = await knownPerson(this.users, username);
    return this.writer.decide(
      () => this.banning(me, name, other),
      async ({ room, mine, theirs }) => {
        const time = this.clock.now();
        const until = lifetime === null ? null : time + lifetime;
        if (room.archivedAt !== null) throw new Refusal('room-archived');
        if (theirs?.left === null) refuseActing(mine.role, theirs.role);
        await this.refuseBeyond(room.id, other, time);
        const ban = { op: 'ban', room: room.id, person: other.id, by: me.id } as const;
        const change: RoomChange = { ...ban, reason, until, time };
        if (theirs?.left === null) {
          const leaving = { room, person: other, how: 'banned', by: me, reason } as const;
          await this.exits.exit({ ...leaving, with: [change] });
        } else {
          await this.writer.change([expect(room), change]);
        }
        return { person: other, by: me, reason, until, time };
      },
    );
  }

  /** Lets somebody come in again, who is banned or not. */
  async unban(me: Person, name: string, username: string): Promise<void> {
    const { room } = await this.inside(me, name);
    const other = await knownPerson(this.users, username);
    await this.writer.change([{ op: 'unban', room: room.id, person: other.id }]);
  }

  /** Who is banned now, ordered by id. */
  async list(
    me: Person,
    name: string,
    { limit, after }: { readonly limit: number; readonly after?: string },
  ): Promise<readonly Ban[]> {
    const { room } = await this.inside(me, name);
    return this.store.bans(room.id, this.clock.now(), limit, after);
  }

  private inside(me: Person, name: string): Promise<InRoom> {
    return this.reader.inside(me, name, 'manage');
  }

  private async banning(me: Person, name: string, other: Person): Promise<Banning> {
    const state = await this.inside(me, name);
    if (other.id === me.id) throw new Refusal('forbidden', { field: 'username' });
    return { ...state, theirs: await this.store.membership(state.room.id, other.id) };
  }

  private async refuseBeyond(roomId: string, other: Person, now: number): Promise<void> {
    const [present, count] = await Promise.all([
      this.store.ban(roomId, other.id, now),
      this.store.countBans(roomId, now),
    ]);
    if (present !== null || count < LIVE_BANS) return;
    throw new Refusal('limit-reached', { limit: LIVE_BANS });
  }
}
