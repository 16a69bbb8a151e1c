import type { Person } from '../../../kernel/person.js';
import type { Role } from '../../conversations/room.js';
import type { EventKind, NewBody } from './kind.js';

/** How somebody came into a room: alone, as invited, by a link, or added by somebody else. */
export type JoinHow = 'self' | 'invited' | 'link' | 'added';

/** The author of the event is in the room from it on. */
export interface JoinBody {
  readonly kind: 'join';
  readonly how: JoinHow;
  /** Who invited or added the person; null: nobody. */
  readonly by: Person | null;
  /** What the person is in the room from it on; `member` unless given. Not in the frame. */
  readonly role?: Role;
  /** For people. */
  readonly text: string;
}

type Content = Omit<JoinBody, 'kind'>;

export const joinKind = {
  kind: 'join',
  read: ({ body }): JoinBody => ({ kind: 'join', ...(JSON.parse(body) as Content) }),
  fields: ({ how, by, text }: JoinBody) => ({ data: text, how, ...(by === null ? {} : { by }) }),
} satisfies EventKind<JoinBody>;

export function newJoin({ how, by, text, role }: Content): NewBody {
  const body = JSON.stringify({ how, by, text, role });
  return { kind: 'join', target: null, body, counts: false };
}
