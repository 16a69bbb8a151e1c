import { createHash } from 'node:crypto';
import type { DirectSummary } from '../../../chat/conversations/conversation-store.js';
import { randomSecret } from '../../../kernel/ids.js';
import { formatDirects, formatRooms, parseDirects, parseRooms } from './offset.js';

/** Private conversations considered, latest first. */
export const MOST_DIRECTS = 100;
/** Rooms in an id; whoever is in more begins anew with each connection. */
const MOST_ROOMS_NAMED = 600;
const LONGEST_ID = 32_768;
/** The chain, a mark of when it began (or began anew), and the positions then. */
const RECOVERY_ID = /^([\w-]{16})~[\w-]{6}(;\+)?(;=)?((?:;.*)?)$/;

/** Where a client stood when its chain began. */
export interface Beginning {
  readonly chain: string;
  /** By the other person's name. */
  readonly directs: ReadonlyMap<string, number>;
  /** By the room's id: names change. */
  readonly rooms: ReadonlyMap<string, number>;
  /** There were more of them than listed. */
  readonly isPartial: boolean;
  readonly lacksRooms: boolean;
}

export function newChain(): string {
  return randomSecret().slice(0, 16);
}

/** @param rooms the person's rooms, by id, and their heads */
export function idFor(
  chain: string,
  directs: readonly DirectSummary[],
  rooms: readonly (readonly [id: string, head: number])[],
): string {
  const partial = directs.length < MOST_DIRECTS ? '' : ';+';
  const lacksRooms = rooms.length > MOST_ROOMS_NAMED ? ';=' : '';
  const positions = directs.map(({ with: { username }, seq }) => [username, seq] as const);
  const named = formatRooms(rooms.slice(0, MOST_ROOMS_NAMED)) + formatDirects(positions);
  return `${chain}~${randomSecret().slice(0, 6)}${partial}${lacksRooms}${named}`;
}

/**
 * The client's public id: the same for as long as what it brings back is valid, as in Socket.IO.
 * Apps show it to others, to whom it reveals nothing of the chain.
 */
export function socketIdOf(id: string): string {
  const [beginning = ''] = id.split(';', 1);
  return createHash('sha256').update(beginning).digest('base64url').slice(0, 20);
}

/** @returns null where it is none of ours */
export function parseId(id: unknown): Beginning | null {
  if (typeof id !== 'string' || id.length > LONGEST_ID) return null;
  const [, chain, partial, lacking, text] = RECOVERY_ID.exec(id) ?? [];
  if (chain === undefined) return null;
  const fields = (text ?? '').split(';');
  const [directs, rooms] = [parseDirects(fields), parseRooms(fields)];
  if (directs === null || rooms === null) return null;
  const lacksRooms = lacking !== undefined;
  return { chain, directs, rooms, isPartial: partial !== undefined, lacksRooms };
}
