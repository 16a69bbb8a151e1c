import { Refusal } from '../../../kernel/refusal.js';
import type { Decision } from '../../conversations/access.js';
import { refuseUnless } from '../../conversations/access.js';
import type { ChatEvent } from '../../log/event.js';
import type { MessageChange } from '../../log/message-change.js';
import { UNTOUCHED } from '../../log/message-state.js';
import { bodyOf } from '../kinds/kinds.js';
import { emptied, isMessage } from '../kinds/message.js';
import { targetMessage } from './target-message.js';

/** Messages that one deletion may name. */
export const MOST_DELETED = 100;

/** The first and the last number; both are the same where one message is meant. */
export interface DeletionRange {
  readonly low: number;
  readonly high: number;
  /** Whether it was asked for as a range, which is for those with the right. */
  readonly isRange: boolean;
}

/** Who deletes, and whether that person has the right to delete what others said. */
export interface Deleter {
  readonly id: string;
  /** The first number that the person may see. */
  readonly from: number;
  readonly mayDelete: Decision;
}

/**
 * Decides which messages of a range go.
 * @param events all events of the range, ascending
 * @throws Refusal `unknown-message`, `message-deleted` where nothing is left to delete, `forbidden`
 *   or what else keeps the person from deleting
 */
export function decideDeletion(
  { low, high, isRange }: DeletionRange,
  events: readonly ChatEvent[],
  deleter: Deleter,
): readonly MessageChange[] {
  if (!isRange) {
    const message = targetMessage(events[0], deleter.from);
    refuseUnlessOwn(message, deleter);
    return changesFor(message, deleter.id);
  }
  refuseUnless(deleter.mayDelete, 'target');
  const isWhole = events.at(0)?.seq === low && events.at(-1)?.seq === high;
  const messages = events.filter(isMessage);
  if (low < deleter.from || !isWhole || messages.length === 0) {
    throw new Refusal('unknown-message', { field: 'target' });
  }
  const left = messages.filter(({ state }) => !state?.deleted);
  if (left.length === 0) throw new Refusal('message-deleted', { field: 'target' });
  return left.flatMap((message) => changesFor(message, deleter.id));
}

/** What is archived is not deleted from, not even by authors. */
function refuseUnlessOwn({ author }: ChatEvent, { id, mayDelete }: Deleter): void {
  const isOwn = author.id === id;
  if (isOwn && !mayDelete.allowed && mayDelete.code === 'forbidden') return;
  refuseUnless(mayDelete, 'target');
}

function changesFor(message: ChatEvent, by: string): readonly MessageChange[] {
  const { conversation, seq, kind, target, body, state = UNTOUCHED } = message;
  const said = bodyOf(message);
  const thread = said?.kind === 'message' ? (said.thread ?? null) : null;
  const also = said?.kind === 'message' && said.also === true;
  return [
    { op: 'expect-message', conversation, seq, version: state.version },
    {
      op: 'delete-message',
      ...{ conversation, seq, by, thread },
      was: { kind, target, body },
      body: emptied(message),
      counted: thread === null || also,
    },
  ];
}
