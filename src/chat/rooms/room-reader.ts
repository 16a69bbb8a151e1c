import { Injectable } from '@nestjs/common';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { type Action, judge, refuseUnless } from '../conversations/access.js';
import { LOBBY } from '../conversations/lobby.js';
import type { Membership, Room } from '../conversations/room.js';
import { type RoomAndPlace, RoomFinder } from '../conversations/room-finder.js';

/** A room, and the place in it of whoever is in it. */
export interface InRoom {
  readonly room: Room;
  readonly mine: Membership;
}

/**
 * Reads a room as the store has it, for whoever asks to do something there. To those outside, a
 * private room and none are the same: the same refusal, after the same questions to the store.
 */
@Injectable()
export class RoomReader {
  constructor(private readonly finder: RoomFinder) {}

  /**
   * A room that somebody is in, and may do that in.
   * @throws Refusal `not-a-member`, `forbidden` (always in the lobby), or `room-archived`, by
   *   rejection
   */
  async inside(me: Person, name: string, action: Action): Promise<InRoom> {
    const found = await this.finder.stored(me, name);
    const { room = null, membership = null } = found ?? {};
    refuseLobby(room);
    refuseUnless(judge(room, membership, action));
    if (room === null || membership === null) throw new Refusal('not-a-member');
    return { room, mine: membership };
  }

  /**
   * A room that somebody is in, or may find.
   * @throws Refusal `not-a-member`, by rejection
   */
  async visible(me: Person, name: string): Promise<RoomAndPlace> {
    const found = await this.finder.stored(me, name);
    if (found === null) throw new Refusal('not-a-member');
    const { room, membership } = found;
    if (room.kind === 'private') refuseUnless(judge(room, membership, 'read'));
    return { room, membership: membership?.left === null ? membership : null };
  }

  /** Any room of that name, and the place in it, whoever asks: for those who decide by more. */
  async any(me: Person, name: string): Promise<RoomAndPlace | null> {
    const found = await this.finder.stored(me, name);
    refuseLobby(found?.room ?? null);
    return found;
  }
}

/** Nobody changes, joins or leaves the lobby. */
function refuseLobby(room: Room | null): void {
  if (room?.id === LOBBY) throw new Refusal('forbidden');
}
