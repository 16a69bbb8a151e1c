import {
  type ConversationKey,
  keyFrom,
  parseKey,
  type Topic,
  topicsOf,
} from '../../chat/conversations/key.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { topicsOfEvent } from '../../chat/log/message-bus.js';
import type { Person } from '../../kernel/person.js';

/**
 * The version of a batch's rows, raised with every change to them: a node reads only rows of its
 * own version, and asks the store about others.
 */
const VERSION = 3;
/** Far below Redis's output buffer for a subscriber. A larger batch is split. */
const MOST_TEXT = 256 * 1024;
/** Longest id, name, or connection id: all of ours are shorter. */
const MOST_ID = 128;
const MOST_NAME = 512;
const MOST_KIND = 32;

/** What nodes send each other. */
export type BusFrame =
  | { readonly kind: 'batch'; readonly events: readonly LiveEvent[] }
  /** A batch of a node of another version, whose rows may mean something else. */
  | { readonly kind: 'other-version' }
  /** Heads of conversations, announced when nothing followed for a while. */
  | {
      readonly kind: 'heads';
      readonly heads: readonly (readonly [ConversationKey, number])[];
    }
  /** The node could not publish everything it stored. */
  | { readonly kind: 'lost' };

type Row = readonly [
  conversation: ConversationKey,
  seq: number,
  n: number,
  id: string,
  time: number,
  author: readonly [id: string, name: string],
  to: readonly [id: string, name: string] | null,
  kind: string,
  target: number | null,
  body: string,
  origin: string,
];

/** @returns one frame, or several for a large batch */
export function encodeBatch(events: readonly LiveEvent[]): readonly string[] {
  const frames: string[] = [];
  let rows: string[] = [];
  let length = 0;
  for (const event of events) {
    const row = JSON.stringify(rowOf(event));
    if (length > 0 && length + row.length > MOST_TEXT) {
      frames.push(batchOf(rows));
      rows = [];
      length = 0;
    }
    rows.push(row);
    length += row.length;
  }
  frames.push(batchOf(rows));
  return frames;
}

export function encodeHeads(heads: Iterable<readonly [ConversationKey, number]>): string {
  return JSON.stringify(['heads', [...heads]]);
}

export function encodeLost(): string {
  return JSON.stringify(['lost', null]);
}

/**
 * Parses what another node published.
 * @param topic it was published under; null for what is sent to all nodes
 * @returns null for what is no frame, and for what does not belong to the topic
 */
export function decode(text: string, topic: Topic | null): BusFrame | null {
  const [kind, body, version] = listOf(parse(text));
  if (topic === null) return kind === 'lost' ? { kind } : null;
  if (kind === 'batch') {
    if (version !== VERSION) return { kind: 'other-version' };
    const events = allOf(body, eventOf);
    return events?.every((event) => topicsOfEvent(event).includes(topic)) ? { kind, events } : null;
  }
  if (kind === 'heads') {
    const heads = allOf(body, headOf);
    const areOfTopic = heads?.every(([conversation]) => topicsOf(conversation).includes(topic));
    return heads !== null && areOfTopic === true ? { kind, heads } : null;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function batchOf(rows: readonly string[]): string {
  return `["batch",[${rows.join(',')}],${VERSION}]`;
}

function rowOf(event: LiveEvent): Row {
  const { conversation, seq, n, id, time, author, to, kind, target, body, origin } = event;
  const people = [pairOf(author), to && pairOf(to)] as const;
  return [conversation, seq, n, id, time, ...people, kind, target, body, origin];
}

function eventOf(row: unknown): LiveEvent | null {
  const [key, seq, n, id, time, author, to, kind, target, body, origin] = listOf(row);
  const conversation = keyOf(key);
  if (conversation === null || !isNumber(seq) || !isCount(n) || n > seq) return null;
  if (!isShort(id, MOST_ID) || !isCount(time) || !isShort(kind, MOST_KIND)) return null;
  if (target !== null && !isNumber(target)) return null;
  if (typeof body !== 'string' || typeof origin !== 'string' || origin.length > MOST_ID)
    return null;
  const people = { author: personOf(author), to: to === null ? null : personOf(to) };
  if (people.author === null || !areIn(conversation, people.author, people.to)) return null;
  const said = { kind, target, body, origin };
  return { conversation, seq, n, id, time, author: people.author, to: people.to, ...said };
}

function headOf(head: unknown): readonly [ConversationKey, number] | null {
  const [key, seq] = listOf(head);
  const conversation = keyOf(key);
  return conversation !== null && isNumber(seq) ? [conversation, seq] : null;
}

/** In a room there is no recipient; in private it is the other of the two. */
function areIn(conversation: ConversationKey, author: Person, to: Person | null): boolean {
  const parsed = parseKey(conversation);
  if (parsed.kind === 'room') return to === null;
  return (
    to !== null &&
    author.id !== to.id &&
    [author, to].every(({ id }) => parsed.members.includes(id))
  );
}

function pairOf({ id, username }: Person): readonly [string, string] {
  return [id, username];
}

function personOf(pair: unknown): Person | null {
  const [id, username] = listOf(pair);
  return isShort(id, MOST_ID) && isShort(username, MOST_NAME) ? { id, username } : null;
}

function allOf<Item>(list: unknown, read: (one: unknown) => Item | null): readonly Item[] | null {
  if (!Array.isArray(list)) return null;
  const items: Item[] = [];
  for (const one of list as unknown[]) {
    const item = read(one);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function keyOf(value: unknown): ConversationKey | null {
  return typeof value === 'string' ? keyFrom(value) : null;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most;
}
