import { changeOf, merge, type MessageState, presentOf, replyOf, targetsOf } from '@parley/client';
import { FrameType } from '@parley/protocol';
import { isEvent, isMessage, type LogFrame, type LogItem, type TailItem } from './log-items.js';

/** What an entry means for earlier messages, from `low` to `high`. */
export interface Effect {
  readonly low: number;
  readonly high: number;
  readonly state: MessageState;
}

/** @returns null where it is of none */
export function effectOf(frame: LogFrame, selfId: string): Effect | null {
  if (isEvent(frame)) return null;
  if (isMessage(frame)) {
    const { thread } = frame;
    return typeof thread === 'number' ? { low: thread, high: thread, state: replyOf(frame) } : null;
  }
  const [low, high] =
    frame.type === FrameType.Deletion ? targetsOf(frame) : [frame.target, frame.target];
  return { low, high, state: changeOf(frame, selfId) };
}

/** @returns the items as the effects leave them; those that none concerns are the same objects */
export function affect<Item extends LogItem | TailItem>(
  items: readonly Item[],
  effects: readonly Effect[],
): readonly Item[] {
  if (effects.length === 0) return items;
  const replies: Effect[] = [];
  const next = items.map((item) => {
    const changed = affected(item, effects);
    if (changed !== item) replies.push(...lostReply(changed));
    return changed;
  });
  // A deleted reply is one less in its thread.
  return affect(next, replies);
}

function affected<Item extends LogItem | TailItem>(item: Item, effects: readonly Effect[]): Item {
  if (item.kind !== 'message') return item;
  const { seq } = item;
  const own = effects.filter(({ low, high }) => low <= seq && seq <= high);
  if (own.length === 0) return item;
  const state = own.reduce((known, effect) => merge(known, effect.state), item.state);
  return { ...item, state, message: presentOf(state) ?? item.message };
}

function lostReply(item: LogItem | TailItem): readonly Effect[] {
  if (item.kind !== 'message') return [];
  const { thread, deleted } = item.message;
  if (thread === null || deleted === null) return [];
  return [{ low: thread, high: thread, state: replyOf(item.message, deleted.seq) }];
}
