import type { Draft } from '../../chat/log/event.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Appended } from '../../chat/log/event-log.js';
import { isSameBody, type KeptBody } from '../sql/body-digest.js';
import { storableRef } from './storable-ref.js';

/** A conversation's log while its row is locked. */
export interface LockedLog {
  readonly id: number;
  readonly key: ConversationKey;
  readonly last_seq: number;
  readonly uncounted: number;
}

/** The event already stored under a ref of the batch. */
export interface StoredEvent extends KeptBody {
  readonly key: ConversationKey;
  readonly ref: string;
  readonly author_id: string;
  readonly seq: number;
  readonly n: number;
  readonly id: string;
  readonly time: number;
}

/** Somebody in a room of the batch. */
export interface Present {
  readonly room: string;
  readonly person: string;
}

/** What an append goes by, as it is while the logs are locked. */
export interface LockedState {
  readonly locked: readonly LockedLog[];
  readonly stored: readonly StoredEvent[];
  /** Of the authors who have to be in a room, those who are. */
  readonly present: readonly Present[];
}

/** A draft with its numbers. */
export interface PlannedEvent {
  readonly key: ConversationKey;
  readonly seq: number;
  readonly uncounted: number;
  readonly ref: string | null;
  readonly draft: Draft;
}

const BEGINNING = { seq: 0, uncounted: 0 };

/** What an append will write, and its answers once that is on disk. */
export interface AppendPlan {
  readonly events: readonly PlannedEvent[];
  /** Per draft, in the order of the batch. */
  readonly outcomes: readonly Appended[];
  /** The last new event of each conversation. */
  readonly lasts: ReadonlyMap<ConversationKey, PlannedEvent>;
}

/**
 * Numbers each draft, or finds the event already stored under its ref.
 * @param stale drafts that cannot be stored, since the rows that they change are not as they expect
 */
export function planAppend(
  batch: readonly Draft[],
  { locked, stored, present }: LockedState,
  stale: ReadonlySet<Draft>,
): AppendPlan {
  const known = new Map(stored.map((event) => [refKey(event.author_id, event.ref), event]));
  const heads = new Map(
    locked.map(({ key, last_seq: seq, uncounted }) => [key, { seq, uncounted }] as const),
  );
  const inside = new Set(present.map(({ room, person }) => memberKey(room, person)));
  const events: PlannedEvent[] = [];
  const lasts = new Map<ConversationKey, PlannedEvent>();
  const outcomes = batch.map((draft): Appended => {
    const { conversation: key, author, id, time } = draft;
    const ref = draft.ref === null ? null : storableRef(draft.ref);
    const first = ref === null ? undefined : known.get(refKey(author.id, ref));
    if (first !== undefined) return compare(draft, first);
    if (stale.has(draft)) return { status: 'stale' };
    const { fromMemberOf: room } = draft;
    if (room !== undefined && !inside.has(memberKey(room, author.id))) return { status: 'outside' };
    noteMoves(draft, inside);
    const head = heads.get(key) ?? BEGINNING;
    const seq = head.seq + 1;
    const uncounted = draft.counts ? head.uncounted : head.uncounted + 1;
    heads.set(key, { seq, uncounted });
    const n = seq - uncounted;
    const event = { key, seq, uncounted, ref, draft };
    events.push(event);
    lasts.set(key, event);
    if (ref !== null) {
      known.set(refKey(author.id, ref), storedAs(draft, ref, seq, n));
    }
    return { status: 'stored', receipt: { id, seq, n, time } };
  });
  return { events, outcomes, lasts };
}

/** Who comes and goes with a draft does so for those behind it. */
function noteMoves({ changes = [] }: Draft, inside: Set<string>): void {
  for (const change of changes) {
    if (change.op === 'enter') inside.add(memberKey(change.room, change.person));
    else if (change.op === 'exit') inside.delete(memberKey(change.room, change.person));
  }
}

/** A blank separates them, since ids have none. */
function memberKey(room: string, person: string): string {
  return `${room} ${person}`;
}

/** A blank separates them, since ids have none. */
function refKey(authorId: string, ref: string): string {
  return `${authorId} ${ref}`;
}

function storedAs(draft: Draft, ref: string, seq: number, n: number): StoredEvent {
  const { conversation: key, author, id, time, kind, target, body } = draft;
  return { key, ref, author_id: author.id, seq, n, id, time, kind, target, body, digest: null };
}

function compare(draft: Draft, stored: StoredEvent): Appended {
  const isSame = stored.key === draft.conversation && isSameBody(draft, stored);
  if (!isSame) return { status: 'conflict' };
  const { id, seq, n, time } = stored;
  return { status: 'duplicate', receipt: { id, seq, n, time } };
}
