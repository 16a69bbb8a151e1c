import type { ChatEvent } from '../chat/log/event.js';
import type { PageRequest } from '../chat/log/event-log.js';

/** Where a page ends, and what leads on from there. */
export interface PageEnds {
  /** The conversation's highest number, no later than the page where that reached it; 0: it was empty. */
  readonly head: number;
  /** Pass as `before` for the items before these; null where there are none. */
  readonly next_before: number | null;
  /** Pass as `after` for the items after these; null where there are none yet. */
  readonly next_after: number | null;
}

interface ReadPage {
  /** What was asked of the log. */
  readonly asked: PageRequest;
  /** What the log answered. */
  readonly read: readonly ChatEvent[];
  /** The conversation's highest number, of that moment or a later one. */
  readonly head: number;
  /** The first number that the reader may see. */
  readonly from: number;
}

/**
 * The ends of a page. Nothing lies between it and what `next_before` and `next_after` lead to, also
 * where something was said between the reading of the page and that of the head.
 */
export function pageEnds(page: ReadPage): PageEnds {
  const { asked, read, from } = page;
  const head = headOf(page);
  const seen = read.filter(({ seq }) => seq >= from);
  // An empty page lies below the first event, above the last one, or in an empty conversation.
  const first = seen.at(0)?.seq ?? (asked.before === undefined ? head + 1 : from);
  const last = seen.at(-1)?.seq ?? first - 1;
  return {
    head,
    next_before: first > from ? first : null,
    next_after: last < head ? last : null,
  };
}

/** A head that was read later than the page counts only where the page did not reach the end. */
function headOf({ asked, read, head }: ReadPage): number {
  const last = read.at(-1)?.seq;
  if (asked.before !== undefined) return Math.max(head, last ?? 0);
  if (asked.after === undefined) return last ?? 0;
  return last === undefined ? Math.min(head, asked.after) : Math.max(head, last);
}
