import type { Draft } from '../../chat/log/event.js';
import type { Appended } from '../../chat/log/message-store.js';
import { storableRef } from './storable-ref.js';

/** Where a conversation's log stands while nobody else can write to it. */
export interface LockedLog {
  readonly id: number;
  readonly key: string;
  readonly last_seq: number;
}

/** What stands already under a ref of the batch. */
export interface StoredEvent {
  readonly key: string;
  readonly ref: string;
  readonly author_id: string;
  readonly seq: number;
  readonly id: string;
  readonly time: number;
  readonly text: string;
}

/** A draft with its number. */
export interface PlannedEvent {
  readonly key: string;
  readonly seq: number;
  readonly ref: string | null;
  readonly draft: Draft;
}

/** What an append is going to write, and what it will answer when that is on disk. */
export interface AppendPlan {
  readonly events: readonly PlannedEvent[];
  /** For each draft, in the order of the batch. */
  readonly outcomes: readonly Appended[];
  /** The last event of each conversation that gets any. */
  readonly lasts: ReadonlyMap<string, PlannedEvent>;
}

/** Gives each draft its number, or what stands already under its ref. */
export function planAppend(
  batch: readonly Draft[],
  logs: readonly LockedLog[],
  stored: readonly StoredEvent[],
): AppendPlan {
  const known = new Map(stored.map((event) => [refKey(event.author_id, event.ref), event]));
  const heads = new Map(logs.map(({ key, last_seq }) => [key, last_seq]));
  const events: PlannedEvent[] = [];
  const lasts = new Map<string, PlannedEvent>();
  const outcomes = batch.map((draft): Appended => {
    const { conversation: key, author, id, time, text } = draft;
    const ref = draft.ref === null ? null : storableRef(draft.ref);
    const first = ref === null ? undefined : known.get(refKey(author.id, ref));
    if (first !== undefined) return compare(draft, first);
    const seq = (heads.get(key) ?? 0) + 1;
    heads.set(key, seq);
    const event = { key, seq, ref, draft };
    events.push(event);
    lasts.set(key, event);
    if (ref !== null) {
      known.set(refKey(author.id, ref), { key, ref, author_id: author.id, seq, id, time, text });
    }
    return { status: 'stored', receipt: { id, seq, time } };
  });
  return { events, outcomes, lasts };
}

/** Ids have no blanks. */
function refKey(authorId: string, ref: string): string {
  return `${authorId} ${ref}`;
}

function compare(draft: Draft, { key, text, id, seq, time }: StoredEvent): Appended {
  if (key !== draft.conversation || text !== draft.text) return { status: 'conflict' };
  return { status: 'duplicate', receipt: { id, seq, time } };
}
