import {
  type ConversationKey,
  isConversationKey,
  parseKey,
} from '../../chat/conversations/conversation.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { type Topic, topicsOf } from '../../chat/log/message-bus.js';
import type { Person } from '../../kernel/person.js';

/** Far below what Redis lets wait for a subscriber. A larger batch goes in parts. */
const MOST_TEXT = 256 * 1024;
/** Characters of an id, of a name, of a connection's id: all of ours are shorter. */
const MOST_ID = 128;
const MOST_NAME = 512;

/** What travels between nodes. */
export type BusFrame =
  | { readonly kind: 'batch'; readonly events: readonly LiveEvent[] }
  /** How far conversations have come, said when nothing followed for a while. */
  | {
      readonly kind: 'heads';
      readonly heads: readonly (readonly [ConversationKey, number])[];
    }
  /** The node could not publish all that it stored. */
  | { readonly kind: 'lost' };

type Row = readonly [
  conversation: ConversationKey,
  seq: number,
  id: string,
  time: number,
  author: readonly [id: string, name: string],
  to: readonly [id: string, name: string] | null,
  text: string,
  origin: string,
];

/** @returns one frame, or several where the batch is large */
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
 * Reads what another node says.
 * @param topic what it was published under; null for what is said to all nodes
 * @returns null for what is no frame, and for what does not belong to the topic
 */
export function decode(text: string, topic: Topic | null): BusFrame | null {
  const [kind, body] = listOf(parse(text));
  if (topic === null) return kind === 'lost' ? { kind } : null;
  if (kind === 'batch') {
    const events = allOf(body, eventOf);
    return events?.every((event) => isOf(topic, event.conversation)) ? { kind, events } : null;
  }
  if (kind === 'heads') {
    const heads = allOf(body, headOf);
    return heads?.every(([conversation]) => isOf(topic, conversation)) ? { kind, heads } : null;
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

function isOf(topic: Topic, conversation: ConversationKey): boolean {
  return topicsOf(conversation).includes(topic);
}

function batchOf(rows: readonly string[]): string {
  return `["batch",[${rows.join(',')}]]`;
}

function rowOf({ conversation, seq, id, time, author, to, text, origin }: LiveEvent): Row {
  return [conversation, seq, id, time, pairOf(author), to && pairOf(to), text, origin];
}

function eventOf(row: unknown): LiveEvent | null {
  const [conversation, seq, id, time, author, to, text, origin] = listOf(row);
  if (!isKey(conversation) || !isNumber(seq) || !isShort(id, MOST_ID) || !isTime(time)) return null;
  if (typeof text !== 'string' || typeof origin !== 'string' || origin.length > MOST_ID)
    return null;
  const people = { author: personOf(author), to: to === null ? null : personOf(to) };
  if (people.author === null || !areIn(conversation, people.author, people.to)) return null;
  return { conversation, seq, id, time, author: people.author, to: people.to, text, origin };
}

function headOf(head: unknown): readonly [ConversationKey, number] | null {
  const [conversation, seq] = listOf(head);
  return isKey(conversation) && isNumber(seq) ? [conversation, seq] : null;
}

/** In a room nobody in particular is spoken to; in private one of the two to the other. */
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

function isKey(value: unknown): value is ConversationKey {
  return typeof value === 'string' && isConversationKey(value);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most;
}
