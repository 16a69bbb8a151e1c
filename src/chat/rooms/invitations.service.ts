import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Room } from '../conversations/room.js';
import { type Invitation, RoomStore } from '../conversations/room-store.js';
import { OPEN_INVITATIONS } from './bounds.js';
import { knownPerson } from './known-person.js';
import { RoomNews, type RoomNotice } from './room-news.js';
import { RoomReader } from './room-reader.js';
import { RoomWriter } from './room-writer.js';

/**
 * Invitations of people by name. Whoever has one may join, and is answered by that or by declining.
 * Every call rejects with a Refusal: as {@link RoomReader} for whoever may not.
 */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly reader: RoomReader,
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly news: RoomNews,
    private readonly users: UserDirectory,
    private readonly clock: Clock,
  ) {}

  /**
   * Invites somebody; whoever is invited or in the room already is left alone.
   * @throws Refusal `unknown-recipient`; `forbidden` where the person is banned; `limit-reached`
   */
  async invite(me: Person, name: string, username: string): Promise<void> {
    await this.reader.inside(me, name, 'invite');
    const other = await knownPerson(this.users, username);
    await this.writer.decide(
      () => this.reader.inside(me, name, 'invite'),
      async ({ room }) => {
        if (!(await this.isInvitable(room, other))) return;
        const time = this.clock.now();
        await this.writer.change([
          { op: 'invite', room: room.id, person: other.id, by: me.id, time },
        ]);
        this.notify(other, 'invited', room, me);
      },
    );
  }

  /** Takes an invitation back, if there is one. */
  async withdraw(me: Person, name: string, username: string): Promise<void> {
    const { room } = await this.reader.inside(me, name, 'invite');
    const other = await knownPerson(this.users, username);
    if ((await this.store.inviter(room.id, other.id)) === null) return;
    await this.writer.change([{ op: 'uninvite', room: room.id, person: other.id }]);
    this.notify(other, 'uninvited', room, me);
  }

  /** @throws Refusal `invitation-invalid`, by rejection, where the person has none */
  async decline(me: Person, name: string): Promise<void> {
    const room = (await this.reader.any(me, name))?.room ?? null;
    const inviter = await this.store.inviter(room?.id ?? '', me.id);
    if (room === null || inviter === null) throw new Refusal('invitation-invalid');
    await this.writer.change([{ op: 'uninvite', room: room.id, person: me.id }]);
    this.notify(me, 'uninvited', room, null);
  }

  /** Somebody's open invitations, ordered by the id of the room. */
  list(
    me: Person,
    { limit, after }: { readonly limit: number; readonly after?: string },
  ): Promise<readonly Invitation[]> {
    return this.store.invitations(me.id, limit, after);
  }

  private async isInvitable(room: Room, other: Person): Promise<boolean> {
    const [membership, ban, inviter, open] = await Promise.all([
      this.store.membership(room.id, other.id),
      this.store.ban(room.id, other.id, this.clock.now()),
      this.store.inviter(room.id, other.id),
      this.store.countInvitations(room.id),
    ]);
    if (membership?.left === null || inviter !== null) return false;
    if (ban !== null) throw new Refusal('forbidden', { field: 'username' });
    if (open >= OPEN_INVITATIONS) throw new Refusal('limit-reached', { limit: OPEN_INVITATIONS });
    return true;
  }

  private notify({ id }: Person, what: RoomNotice['what'], room: Room, by: RoomNotice['by']): void {
    this.news.notify({ personId: id, what, room, by, time: this.clock.now() });
  }
}
