import type { ConversationKey } from '../conversations/key.js';
import type { Draft, Receipt } from './event.js';
import type { EventLog } from './event-log.js';

const PAGE = 1_000;
/** How many later events of others to look through, per conversation. */
const MOST_SINCE = 1_000;

/**
 * Looks up which of the drafts are stored, among the latest events of their conversations: this
 * node has written nothing after them.
 * @returns their receipts, by the draft's id
 */
export async function findStored(
  log: EventLog,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, Receipt>> {
  const wanted = new Map<ConversationKey, Set<string>>();
  for (const { conversation, id } of drafts) {
    const ids = wanted.get(conversation) ?? new Set();
    wanted.set(conversation, ids.add(id));
  }
  const found = new Map<string, Receipt>();
  for (const [conversation, ids] of wanted) await find(log, conversation, ids, found);
  return found;
}

async function find(
  log: EventLog,
  conversation: ConversationKey,
  ids: Set<string>,
  found: Map<string, Receipt>,
): Promise<void> {
  let left = ids.size + MOST_SINCE;
  let before: number | undefined;
  while (ids.size > 0 && left > 0 && before !== 1) {
    const limit = Math.min(PAGE, left);
    const events = await log.page(conversation, {
      limit,
      ...(before === undefined ? {} : { before }),
    });
    for (const { id, seq, n, time } of events) {
      if (ids.delete(id)) found.set(id, { id, seq, n, time });
    }
    if (events.length < limit) return;
    left -= limit;
    before = events[0]?.seq;
  }
}
