import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { RoomStore } from '../conversations/room-store.js';
import { type Admitted, refuseClosed } from './admission.js';
import { LIVE_LINKS } from './bounds.js';
import { type Arrived, MembershipService } from './membership.service.js';
import { RoomReader } from './room-reader.js';
import { RoomWriter } from './room-writer.js';

const CODE_BYTES = 16;

/** How often and until when a link can be used; null: any number of times, for ever. */
export interface LinkBounds {
  readonly uses: number | null;
  /** Milliseconds. */
  readonly lifetime: number | null;
}

export interface NewLink {
  /** 128 random bits, shown this once: what is stored is a digest. */
  readonly code: string;
  readonly uses: number | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

/** Links into rooms: whoever has the code may come in. */
@Injectable()
export class LinksService {
  constructor(
    private readonly reader: RoomReader,
    private readonly writer: RoomWriter,
    private readonly members: MembershipService,
    private readonly store: RoomStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal as {@link RoomReader}, and `limit-reached`, by rejection */
  create(me: Person, name: string, { uses, lifetime }: LinkBounds): Promise<NewLink> {
    return this.writer.decide(
      () => this.reader.inside(me, name, 'invite'),
      async ({ room }) => {
        const time = this.clock.now();
        if ((await this.store.countLinks(room.id, time)) >= LIVE_LINKS) {
          throw new Refusal('limit-reached', { limit: LIVE_LINKS });
        }
        const code = randomBytes(CODE_BYTES).toString('base64url');
        const expiresAt = lifetime === null ? null : time + lifetime;
        const link = digestOf(code);
        await this.writer.change([
          { op: 'add-link', link, room: room.id, by: me.id, uses, expiresAt, time },
        ]);
        return { code, uses, expiresAt };
      },
    );
  }

  /** Withdraws a link, if the room has it. */
  async remove(me: Person, name: string, code: string): Promise<void> {
    const { room } = await this.reader.inside(me, name, 'invite');
    await this.writer.change([{ op: 'remove-link', link: digestOf(code), room: room.id }]);
  }

  /** Withdraws all links of a room. */
  async removeAll(me: Person, name: string): Promise<void> {
    const { room } = await this.reader.inside(me, name, 'manage');
    await this.writer.change([{ op: 'remove-link', link: null, room: room.id }]);
  }

  /**
   * Enters the room that the link leads to. Whoever is in it stays, and the link is not used.
   * @throws Refusal `invitation-invalid`, by rejection, for a code that is unknown, used up, over or
   *   withdrawn, and wherever it would lead to a room that is archived, or bans the person;
   *   `room-full` or `too-many-rooms`
   */
  join(me: Person, code: string): Promise<Arrived> {
    const link = digestOf(code);
    return this.writer.decide(
      () => this.candidate(me, link),
      (admitted) => this.members.admitted(me, admitted, null, link),
    );
  }

  private async candidate(me: Person, link: string): Promise<Admitted> {
    const now = this.clock.now();
    const roomId = (await this.store.link(link, now))?.roomId ?? '';
    const [rooms, membership, ban] = await Promise.all([
      this.store.byIds([roomId]),
      this.store.membership(roomId, me.id),
      this.store.ban(roomId, me.id, now),
    ]);
    const room = rooms.get(roomId);
    if (room === undefined || ban !== null || room.archivedAt !== null) {
      throw new Refusal('invitation-invalid', { field: 'code' });
    }
    const mine = membership?.left === null ? membership : null;
    if (mine === null) refuseClosed(room);
    return { room, mine, how: 'link', by: null };
  }
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
