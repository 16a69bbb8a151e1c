import { type Membership, ROLES } from './room.js';

/**
 * The place in a room of somebody who is in it, in one number: ten thousand people in fifty rooms
 * each are half a million places.
 */
export type PackedMembership = number & { readonly packed: 'membership' };

/** @param membership of somebody who has not left */
export function pack({ role, joined }: Membership): PackedMembership {
  return (joined * ROLES.length + ROLES.indexOf(role)) as PackedMembership;
}

export function unpack(packed: PackedMembership): Membership {
  const role = ROLES[packed % ROLES.length] ?? 'reader';
  return { role, joined: Math.floor(packed / ROLES.length), left: null };
}
