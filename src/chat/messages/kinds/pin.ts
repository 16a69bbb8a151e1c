import type { EventKind, NewBody } from './kind.js';

/** The author of the event pinned a message, or took it down. */
export interface PinBody {
  readonly kind: 'pin';
  readonly target: number;
  readonly isPinned: boolean;
}

export const pinKind = {
  kind: 'pin',
  read: ({ target, body }): PinBody => ({
    kind: 'pin',
    target: target ?? 0,
    isPinned: JSON.parse(body) as boolean,
  }),
  fields: ({ target, isPinned }: PinBody) => ({ target, data: isPinned }),
} satisfies EventKind<PinBody>;

export function newPin(target: number, isPinned: boolean): NewBody {
  return { kind: pinKind.kind, target, body: JSON.stringify(isPinned), counts: false };
}
