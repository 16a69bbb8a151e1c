import type { Person, ThreadState } from '@parley/protocol';
import type { Versioned } from './versioned.js';

/** Replies by their numbers: who wrote each; null: it was deleted. */
export type Replies = ReadonlyMap<number, Versioned<Person | null>>;

/** What is said in a thread: what its first message told, and the replies that came by themselves. */
export interface Thread {
  readonly told: Versioned<ThreadState> | null;
  readonly replies: Replies;
}

/** Who wrote last, as many as frames tell. */
const MOST_USERS = 3;
/** Replies that are remembered one by one. */
const MOST_REPLIES = 500;

/** @returns null where nothing is said in it */
export function threadOf({ told, replies }: Thread): ThreadState | null {
  const known = told?.value ?? { count: 0, last_seq: 0, users: [] };
  let { count, last_seq: last } = known;
  const latestLast = new Map<string, Person>();
  const wrote = (user: Person): void => {
    latestLast.delete(user.id);
    latestLast.set(user.id, user);
  };
  [...known.users].reverse().forEach(wrote);
  for (const [seq, { at, value: user }] of [...replies].sort(([one], [next]) => one - next)) {
    const isCounted = seq <= known.last_seq;
    if (isCounted && user === null && at > (told?.at ?? 0)) count -= 1;
    if (isCounted || user === null) continue;
    count += 1;
    last = seq;
    wrote(user);
  }
  const users = [...latestLast.values()].slice(-MOST_USERS).reverse();
  return count > 0 ? { count, last_seq: last, users } : null;
}

/** The same, with few replies to remember. */
export function bounded(thread: Thread): Thread {
  const { replies } = thread;
  if (replies.size <= MOST_REPLIES) return thread;
  const at = Math.max(thread.told?.at ?? 0, ...[...replies.values()].map((one) => one.at));
  const value = threadOf(thread);
  return { told: value && { at, value }, replies: new Map() };
}
