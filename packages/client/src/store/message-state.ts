import { type Attachment, FrameType, type Person, type ThreadState } from '@parley/protocol';
import type { ChangeFrame, PresentFrame } from '../message-changes.js';
import { bounded, type Thread, threadOf } from './thread-fold.js';
import { latest, latestOfEach, type Versioned } from './versioned.js';

export interface Reaction {
  readonly key: string;
  readonly count: number;
  /** Whether the person who looks has set it. */
  readonly me: boolean;
}

/** A message as it is at present. */
export interface Message {
  readonly seq: number;
  readonly id: string;
  readonly user: Person;
  readonly time: number;
  /** Empty where it was deleted. */
  readonly text: string;
  /** None where it was deleted. */
  readonly attachments: readonly Attachment[];
  /** The number of the message that it quotes. */
  readonly reply: number | null;
  /** The number of the first message of the thread in which it is said. */
  readonly thread: number | null;
  /** In a thread: it stands in the conversation as well. */
  readonly also: boolean;
  /** What is said in the thread that it begins; null: nothing yet. */
  readonly replies: ThreadState | null;
  readonly mentions: readonly Person[];
  /** It mentions everybody. */
  readonly mentionsAll: boolean;
  /** The last edit. */
  readonly edited: { readonly seq: number; readonly time: number } | null;
  readonly deleted: { readonly seq: number; readonly by: Person } | null;
  readonly reactions: readonly Reaction[];
  readonly pinned: boolean;
}

/** What of a message never changes, except that its files and mentions go with it. */
type Origin = Omit<Message, 'text' | 'replies' | 'edited' | 'deleted' | 'reactions' | 'pinned'>;

interface Text {
  readonly data: string;
  /** When it was edited; null: as it was first. */
  readonly editedAt: number | null;
}

/**
 * What is known of one message: each part with the number at which it came to be so. A change may be
 * known before its message.
 */
export interface MessageState {
  readonly origin: Origin | null;
  readonly text: Versioned<Text> | null;
  readonly deleted: Versioned<Person> | null;
  readonly pinned: Versioned<boolean> | null;
  /** All reactions at once, as a page told them. */
  readonly reactions: Versioned<readonly Reaction[]> | null;
  /** What changed of them, by key. */
  readonly counts: ReadonlyMap<string, Versioned<number>>;
  readonly mine: ReadonlyMap<string, Versioned<boolean>>;
  readonly thread: Thread;
}

const NOTHING: MessageState = {
  ...{ origin: null, text: null, deleted: null, pinned: null, reactions: null },
  ...{ counts: new Map<string, never>(), mine: new Map<string, never>() },
  thread: { told: null, replies: new Map<number, never>() },
};

/**
 * Reads a message.
 * @param at the number at which it was as it says: the head of a page; of a frame its own
 */
export function stateOf(frame: PresentFrame, at = frame.seq): MessageState {
  const { seq, data, edited, deleted, reactions = [], pinned = false, thread } = frame;
  return {
    ...NOTHING,
    origin: originOf(frame),
    text: { at: edited?.seq ?? seq, value: { data, editedAt: edited?.time ?? null } },
    deleted: deleted === undefined ? null : { at: deleted.seq, value: deleted.by },
    pinned: { at, value: pinned },
    reactions: { at, value: reactions },
    thread: {
      ...NOTHING.thread,
      // As of when the message was read: its last reply was there.
      told:
        typeof thread === 'object' ? { at: Math.max(at, thread.last_seq), value: thread } : null,
    },
  };
}

function originOf({ seq, id, user, time, reply, thread, also, ...frame }: PresentFrame): Origin {
  return {
    ...{ seq, id, user, time },
    reply: reply ?? null,
    thread: typeof thread === 'number' ? thread : null,
    also: also ?? false,
    attachments: frame.attachments ?? [],
    mentions: frame.mentions ?? [],
    mentionsAll: frame.mention_all ?? false,
  };
}

/** Reads a change of a message. */
export function changeOf(frame: ChangeFrame, selfId: string): MessageState {
  const at = frame.seq;
  switch (frame.type) {
    case FrameType.Edit:
      // Of what was deleted since, it has no text to tell.
      if (frame.deleted !== undefined) return NOTHING;
      return { ...NOTHING, text: { at, value: { data: frame.data, editedAt: frame.time } } };
    case FrameType.Deletion:
      return { ...NOTHING, deleted: { at, value: frame.user } };
    case FrameType.Pin:
      return { ...NOTHING, pinned: { at, value: frame.data } };
    case FrameType.Reaction: {
      const all = Object.entries(frame.data);
      const isSelf = (people?: readonly Person[]): boolean =>
        people?.some(({ id }) => id === selfId) === true;
      return {
        ...NOTHING,
        counts: new Map(all.map(([key, { count }]) => [key, { at, value: count }])),
        mine: new Map(
          all
            .filter(([, { added, removed }]) => isSelf(added) || isSelf(removed))
            .map(([key, { added }]) => [key, { at, value: isSelf(added) }]),
        ),
      };
    }
  }
}

/**
 * Reads what a reply means for the first message of its thread.
 * @param deletedAt the number of its deletion; unless given, it is there
 */
export function replyOf(
  { seq, user, deleted }: Pick<Message, 'seq' | 'user'> & Partial<Pick<Message, 'deleted'>>,
  deletedAt = deleted?.seq,
): MessageState {
  const reply = { at: deletedAt ?? seq, value: deletedAt === undefined ? user : null };
  return { ...NOTHING, thread: { told: null, replies: new Map([[seq, reply]]) } };
}

/** Of each part the later one, so that it does not matter in which order two are merged. */
export function merge(one: MessageState, next: MessageState): MessageState {
  return {
    origin: one.origin ?? next.origin,
    text: latest(one.text, next.text),
    deleted: latest(one.deleted, next.deleted),
    pinned: latest(one.pinned, next.pinned),
    reactions: latest(one.reactions, next.reactions),
    counts: latestOfEach(one.counts, next.counts),
    mine: latestOfEach(one.mine, next.mine),
    thread: bounded({
      told: latest(one.thread.told, next.thread.told),
      replies: latestOfEach(one.thread.replies, next.thread.replies),
    }),
  };
}

/** @returns null while only changes of it are known */
export function presentOf(state: MessageState): Message | null {
  const { origin, text, deleted, pinned } = state;
  if (origin === null || text === null) return null;
  const replies = threadOf(state.thread);
  if (deleted !== null) {
    const gone = { seq: deleted.at, by: deleted.value };
    const nothing = { text: '', attachments: [], edited: null, reactions: [], pinned: false };
    return { ...origin, ...nothing, replies, mentions: [], mentionsAll: false, deleted: gone };
  }
  const { data, editedAt } = text.value;
  return {
    ...origin,
    text: data,
    edited: editedAt === null ? null : { seq: text.at, time: editedAt },
    deleted: null,
    reactions: reactionsOf(state),
    pinned: pinned?.value ?? false,
    replies,
  };
}

/** In the order of their keys. */
function reactionsOf({ reactions, counts, mine }: MessageState): readonly Reaction[] {
  const told = new Map(reactions?.value.map((one) => [one.key, one]));
  const since = reactions?.at ?? 0;
  const later = <Value>(changed: Versioned<Value> | undefined, before: Value): Value =>
    changed !== undefined && changed.at > since ? changed.value : before;
  return [...new Set([...told.keys(), ...counts.keys()])]
    .map((key) => ({
      key,
      count: later(counts.get(key), told.get(key)?.count ?? 0),
      me: later(mine.get(key), told.get(key)?.me ?? false),
    }))
    .filter(({ count }) => count > 0)
    .sort((one, next) => (one.key < next.key ? -1 : 1));
}
