import type { Person } from '../person.js';
import type { Numbered } from '../stored.js';

export const MEMBER = 19;

/** A member has another role from this number on; `user` is who gave it. */
export interface MemberFrame extends Numbered {
  readonly type: typeof MEMBER;
  readonly room: string;
  readonly member: Person;
  readonly data: { readonly role: 'reader' | 'member' | 'moderator' | 'owner' };
}
