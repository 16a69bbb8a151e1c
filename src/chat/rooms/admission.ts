import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Membership, Room } from '../conversations/room.js';
import type { Ban } from '../conversations/room-store.js';
import type { JoinHow } from '../messages/kinds/join.js';
import { MEMBERS_A_ROOM } from './bounds.js';

/** What decides whether somebody may come into a room. */
export interface Candidacy {
  readonly room: Room | null;
  readonly membership: Membership | null;
  readonly ban: Ban | null;
  /** Who invited the person. */
  readonly inviter: Person | null;
}

/** A room that somebody may come into, or is in already. */
export interface Admitted {
  readonly room: Room;
  /** Null for whoever is not in it yet. */
  readonly mine: Membership | null;
  readonly how: JoinHow;
  readonly by: Person | null;
}

/**
 * Whether somebody may enter a room alone. Whoever is in it already may.
 * @throws Refusal `not-a-member` for a private room without an invitation, as for none; `banned`,
 *   `room-archived` or `room-full`
 */
export function admit({ room, membership, ban, inviter }: Candidacy): Admitted {
  if (room === null) throw new Refusal('not-a-member');
  const how = inviter === null ? 'self' : 'invited';
  if (membership?.left === null) return { room, mine: membership, how, by: inviter };
  const isHidden = room.kind === 'private';
  if (ban !== null) throw new Refusal(isHidden ? 'not-a-member' : 'banned');
  if (isHidden && inviter === null) throw new Refusal('not-a-member');
  refuseClosed(room);
  return { room, mine: null, how, by: inviter };
}

/** @throws Refusal `room-archived` or `room-full` where nobody can come in */
export function refuseClosed({ archivedAt, members }: Room): void {
  if (archivedAt !== null) throw new Refusal('room-archived');
  if (members >= MEMBERS_A_ROOM) throw new Refusal('room-full');
}
