import type { Person } from '../../../kernel/person.js';
import type { MessageState } from '../../log/message-state.js';
import type { EventKind, NewBody } from './kind.js';

/** What has become of one key of a message's reactions. */
export interface ReactionChange {
  /** How many have reacted with it from here on. */
  readonly count: number;
  /** Who came to it, ten at most. */
  readonly added: readonly Person[];
  /** Who took it back, ten at most. */
  readonly removed: readonly Person[];
}

/** People reacted to a message; several that came together are one event. */
export interface ReactionBody {
  readonly kind: 'reaction';
  readonly target: number;
  /** By key; only those that changed. Empty where the message was deleted. */
  readonly keys: Readonly<Record<string, ReactionChange>>;
}

/** It is emptied with the message. */
export const reactionKind = {
  kind: 'reaction',
  read: ({ target, body }): ReactionBody => ({
    kind: 'reaction',
    target: target ?? 0,
    keys: body === '' ? {} : (JSON.parse(body) as ReactionBody['keys']),
  }),
  fields: ({ target, keys }: ReactionBody, state?: MessageState) => ({
    target,
    ...(state?.deleted ? { data: {}, deleted: state.deleted } : { data: keys }),
  }),
} satisfies EventKind<ReactionBody>;

export function newReaction(target: number, keys: ReactionBody['keys']): NewBody {
  return { kind: reactionKind.kind, target, body: JSON.stringify(keys), counts: false };
}
