import type { StoredBody } from '../../log/event.js';
import type { EventKind } from './kind.js';
import { type MessageBody, messageKind } from './message.js';

/** The content of an event, by its kind. */
export type Body = MessageBody;

const KINDS: ReadonlyMap<string, EventKind<Body>> = new Map([[messageKind.kind, messageKind]]);

/**
 * Parses an event's content.
 * @returns null for an unknown kind, which a later version wrote: it fills its number, and shows
 *   nothing here
 */
export function bodyOf(event: StoredBody): Body | null {
  return KINDS.get(event.kind)?.read(event) ?? null;
}
