import type { Person } from '../../../kernel/person.js';
import type { EventKind, NewBody } from './kind.js';

/** How somebody went from a room: alone, removed, or removed for good. */
export type PartHow = 'self' | 'kicked' | 'banned';

/** The author of the event is in the room up to it. */
export interface PartBody {
  readonly kind: 'part';
  readonly how: PartHow;
  /** Who removed the person; null: nobody. */
  readonly by: Person | null;
  readonly reason: string | null;
  /** For people. */
  readonly text: string;
}

type Content = Omit<PartBody, 'kind'>;

export const partKind = {
  kind: 'part',
  read: ({ body }): PartBody => ({ kind: 'part', ...(JSON.parse(body) as Content) }),
  fields: ({ how, by, reason, text }: PartBody) => ({
    data: text,
    how,
    ...(by === null ? {} : { by }),
    ...(reason === null ? {} : { reason }),
  }),
} satisfies EventKind<PartBody>;

export function newPart({ how, by, reason, text }: Content): NewBody {
  const body = JSON.stringify({ how, by, reason, text });
  return { kind: 'part', target: null, body, counts: false };
}
