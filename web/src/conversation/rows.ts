import { isInThreadOnly, type Message } from '@parley/client';
import type { PresenceFrame } from '@parley/protocol';
import { dayOf } from '../language/day.js';
import { type EventFrame, isEntering, type LogItem } from './log-items.js';

/** A line of the log as it is shown. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      readonly isOwn: boolean;
      /** The first of several that one person wrote in a row. */
      readonly opens: boolean;
      readonly closes: boolean;
      /** No message stands below it. */
      readonly isLast: boolean;
    }
  | { readonly kind: 'event'; readonly key: string; readonly frame: EventFrame }
  | { readonly kind: 'notice'; readonly key: string; readonly frame: PresenceFrame }
  /** More comings and goings at once than anybody reads. */
  | {
      readonly kind: 'crowd';
      readonly key: string;
      readonly entered: number;
      readonly left: number;
    };

/** Messages of one person belong together up to this pause. */
const PAUSE_MS = 5 * 60_000;
/** Comings and goings in a row that are told one by one. */
const TOLD = 4;

/**
 * Arranges a log for showing.
 * @param readUpTo the last number that was read when the reader came; null: all
 */
export function rowsOf(
  all: readonly LogItem[],
  selfId: string,
  readUpTo: number | null,
): readonly Row[] {
  const items = all.filter(stands);
  const last = items.findLastIndex(({ kind }) => kind === 'message');
  const rows: Row[] = [];
  let day = '';
  let isUnreadMarked = readUpTo === null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) continue;
    if (dayOf(item.time) !== day) {
      day = dayOf(item.time);
      rows.push({ kind: 'day', key: `d${item.key}`, time: item.time });
    }
    if (item.kind === 'notice') {
      const run = noticesFrom(items, i, day);
      rows.push(...noticeRows(run));
      i += run.length - 1;
      continue;
    }
    if (item.kind === 'event') {
      rows.push(item);
      continue;
    }
    const { message } = item;
    const isOwn = message.user.id === selfId;
    // What one wrote oneself, elsewhere, is not new.
    if (!isUnreadMarked && !isOwn && message.seq > (readUpTo ?? 0)) {
      isUnreadMarked = true;
      rows.push({ kind: 'unread', key: 'unread' });
    }
    rows.push({
      kind: 'message',
      key: item.key,
      message,
      isOwn,
      opens: rows.at(-1)?.kind !== 'message' || !belongTogether(items[i - 1], item),
      closes: !belongTogether(item, items[i + 1]),
      isLast: i === last,
    });
  }
  return rows;
}

/** What is said in a thread alone stands there. */
function stands(item: LogItem): boolean {
  return item.kind !== 'message' || !isInThreadOnly(item.message);
}

function belongTogether(one: LogItem | undefined, next: LogItem | undefined): boolean {
  return (
    one?.kind === 'message' &&
    next?.kind === 'message' &&
    one.message.user.id === next.message.user.id &&
    next.time - one.time < PAUSE_MS &&
    dayOf(one.time) === dayOf(next.time)
  );
}

type Notice = Extract<LogItem, { kind: 'notice' }>;

function noticesFrom(items: readonly LogItem[], start: number, day: string): readonly Notice[] {
  const run: Notice[] = [];
  for (let i = start; i < items.length; i++) {
    const item = items[i];
    if (item?.kind !== 'notice' || dayOf(item.time) !== day) break;
    run.push(item);
  }
  return run;
}

function noticeRows(run: readonly Notice[]): readonly Row[] {
  if (run.length <= TOLD) return run;
  const entered = run.filter((notice) => isEntering(notice.frame)).length;
  const key = `c${run[0]?.key ?? ''}`;
  return [{ kind: 'crowd', key, entered, left: run.length - entered }];
}
