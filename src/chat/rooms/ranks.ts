import { Refusal } from '../../kernel/refusal.js';
import { isAtLeast, type Role, ROLES } from '../conversations/room.js';

/**
 * Nobody acts on an equal or higher role.
 * @throws Refusal `forbidden`, with the least role that may, if there is one
 */
export function refuseActing(mine: Role, on: Role): void {
  if (!isAtLeast(on, mine)) return;
  const above = ROLES[ROLES.indexOf(on) + 1];
  throw new Refusal('forbidden', above === undefined ? {} : { needs: above });
}

/**
 * Nobody gives a role above the own one: only owners make owners.
 * @throws Refusal `forbidden`
 */
export function refuseGiving(mine: Role, role: Role): void {
  if (!isAtLeast(mine, role)) throw new Refusal('forbidden', { needs: role });
}
