import type { JoinFrame, MemberFrame, PartFrame, Person, RoomChangeFrame } from '@parley/protocol';
import { ALICE, BOB } from './scripted-service.js';

export { ALICE, BOB };
export const CAROL: Person = { id: 'id-carol', username: 'carol' };

const stamp = (seq: number) => ({ seq, id: `id-${String(seq)}`, time: Date.now() });

export function joinOf(user: Person, seq: number, room = 'dev'): JoinFrame {
  return { type: 15, user, room, data: 'joins', how: 'self', ...stamp(seq) };
}

export function partOf(user: Person, seq: number, room = 'dev'): PartFrame {
  return { type: 16, user, room, data: 'leaves', how: 'self', ...stamp(seq) };
}

/** Bob gives somebody a role. */
export function roleOf(
  member: Person,
  role: MemberFrame['data']['role'],
  seq: number,
): MemberFrame {
  return { type: 19, user: BOB, room: 'dev', member, data: { role }, ...stamp(seq) };
}

/** Bob changes a room. */
export function roomChange(
  seq: number,
  room: string,
  changed: Partial<RoomChangeFrame['data']> = {},
): RoomChangeFrame {
  const state = { name: room, title: null, topic: null, kind: 'public', history: 'all' } as const;
  const data = { ...state, archived: false, rights: {}, ...changed };
  return { type: 18, user: BOB, room, data, ...stamp(seq) };
}
