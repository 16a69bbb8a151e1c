import type { ConversationKey } from '../../../chat/conversation.js';
import type { LiveEvent } from '../../../chat/event.js';
import type { Person } from '../../../kernel/person.js';

/** Raised with every change that older nodes cannot read. They take such a frame for a loss. */
const VERSION = 1;
/** Far below what Redis lets wait for a subscriber. A larger batch goes in parts. */
const MOST_TEXT = 256 * 1024;

/** What travels between nodes, each under the id of the node that says it. */
export type BusFrame =
  | { readonly kind: 'batch'; readonly node: string; readonly events: readonly LiveEvent[] }
  /** How far conversations have come, said when nothing followed for a while. */
  | {
      readonly kind: 'heads';
      readonly node: string;
      readonly heads: readonly (readonly [ConversationKey, number])[];
    }
  /** The node could not publish all that it stored. */
  | { readonly kind: 'lost'; readonly node: string };

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
export function encodeBatch(node: string, events: readonly LiveEvent[]): readonly string[] {
  const frames: string[] = [];
  let rows: string[] = [];
  let length = 0;
  for (const event of events) {
    const row = JSON.stringify(rowOf(event));
    if (length > 0 && length + row.length > MOST_TEXT) {
      frames.push(batchOf(node, rows));
      rows = [];
      length = 0;
    }
    rows.push(row);
    length += row.length;
  }
  frames.push(batchOf(node, rows));
  return frames;
}

export function encodeHeads(
  node: string,
  heads: Iterable<readonly [ConversationKey, number]>,
): string {
  return JSON.stringify([VERSION, node, 'heads', [...heads]]);
}

export function encodeLost(node: string): string {
  return JSON.stringify([VERSION, node, 'lost', null]);
}

/** @returns null for what this version cannot read */
export function decode(text: string): BusFrame | null {
  try {
    const [version, node, kind, body] = JSON.parse(text) as [number, string, string, never];
    if (version !== VERSION || typeof node !== 'string') return null;
    if (kind === 'batch') return { kind, node, events: (body as Row[]).map(eventOf) };
    if (kind === 'heads') return { kind, node, heads: (body as [string, number][]).map(headOf) };
    return kind === 'lost' ? { kind, node } : null;
  } catch {
    return null;
  }
}

/** How every frame of a node begins. */
export function beginningOf(node: string): string {
  return `[${String(VERSION)},${JSON.stringify(node)},`;
}

function batchOf(node: string, rows: readonly string[]): string {
  return `${beginningOf(node)}"batch",[${rows.join(',')}]]`;
}

function rowOf({ conversation, seq, id, time, author, to, text, origin }: LiveEvent): Row {
  return [conversation, seq, id, time, pairOf(author), to && pairOf(to), text, origin];
}

function eventOf([conversation, seq, id, time, author, to, text, origin]: Row): LiveEvent {
  if (typeof conversation !== 'string' || !Number.isSafeInteger(seq) || typeof text !== 'string') {
    throw new TypeError('not an event');
  }
  return {
    conversation,
    seq,
    id,
    time,
    author: personOf(author),
    to: to && personOf(to),
    text,
    origin,
  };
}

function headOf([conversation, seq]: readonly [string, number]): readonly [string, number] {
  if (typeof conversation !== 'string' || !Number.isSafeInteger(seq)) {
    throw new TypeError('not a head');
  }
  return [conversation, seq];
}

function pairOf({ id, username }: Person): readonly [string, string] {
  return [id, username];
}

function personOf([id, username]: readonly [string, string]): Person {
  return { id, username };
}
