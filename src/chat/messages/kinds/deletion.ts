import type { EventKind, NewBody } from './kind.js';

/** The author of the event deleted a message, or all of some. */
export interface DeletionBody {
  readonly kind: 'delete';
  /** The first one. */
  readonly target: number;
  /** The last one; null: it is the only one. */
  readonly high: number | null;
  readonly reason: string | null;
}

type Content = Pick<DeletionBody, 'high' | 'reason'>;

export const deletionKind = {
  kind: 'delete',
  read: ({ target, body }): DeletionBody => ({
    kind: 'delete',
    target: target ?? 0,
    ...(JSON.parse(body) as Content),
  }),
  fields: ({ target, high, reason }: DeletionBody) => ({
    target: high === null ? target : ([target, high] as const),
    ...(reason === null ? {} : { reason }),
  }),
} satisfies EventKind<DeletionBody>;

export function newDeletion({ target, high, reason }: Omit<DeletionBody, 'kind'>): NewBody {
  return { kind: deletionKind.kind, target, body: JSON.stringify({ high, reason }), counts: false };
}
