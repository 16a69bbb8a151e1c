import type { Person } from '../../../kernel/person.js';
import type { Role } from '../../conversations/room.js';
import type { EventKind, NewBody } from './kind.js';

/** The author of the event gave a member another role. */
export interface MemberBody {
  readonly kind: 'member';
  readonly member: Person;
  readonly role: Role;
}

type Content = Omit<MemberBody, 'kind'>;

export const memberKind = {
  kind: 'member',
  read: ({ body }): MemberBody => ({ kind: 'member', ...(JSON.parse(body) as Content) }),
  fields: ({ member, role }: MemberBody) => ({ member, data: { role } }),
} satisfies EventKind<MemberBody>;

export function newMemberRole({ member, role }: Content): NewBody {
  const body = JSON.stringify({ member, role });
  return { kind: 'member', target: null, body, counts: false };
}
