import type { Signal } from '../../presence/signal-bus.js';

/** Longest frame; ids, names and texts are bounded below. */
export const MOST_FRAME = 4_096;
const MOST_ID = 128;
const MOST_NAME = 512;
const MOST_TEXT = 512;
const MOST_DETAILS = 8;
const KIND = /^[a-z-]{1,32}$/;
/** No inherited property of an object matches. */
const DETAIL = /^[a-z][a-z_]{0,31}$/;
/** The latest time that a Date can hold (ms since the epoch). */
const LATEST_TIME = 8.64e15;

export function encodeSignal({ kind, person, time, details }: Signal): string {
  return JSON.stringify([kind, person.id, person.username, time, details]);
}

/**
 * Parses what another node published.
 * @returns null for what is no signal
 */
export function decodeSignal(text: string): Signal | null {
  if (text.length > MOST_FRAME) return null;
  const [kind, id, username, time, details] = listOf(text);
  if (typeof kind !== 'string' || !KIND.test(kind)) return null;
  if (!isShort(id, MOST_ID) || !isShort(username, MOST_NAME) || !isTime(time)) return null;
  return isDetails(details) ? { kind, person: { id, username }, time, details } : null;
}

function listOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}

function isDetails(value: unknown): value is Signal['details'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MOST_DETAILS && entries.every(isDetail);
}

function isDetail([name, value]: readonly [string, unknown]): boolean {
  if (!DETAIL.test(name)) return false;
  return typeof value === 'string' ? value.length <= MOST_TEXT : Number.isFinite(value);
}

function isShort(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LATEST_TIME;
}
