import type { StoredBody } from '../../log/event.js';
import type { EventKind } from './kind.js';
import { type MessageBody, messageKind } from './message.js';

/** What an event says, by its kind. */
export type Body = MessageBody;

const KINDS: ReadonlyMap<string, EventKind<Body>> = new Map([[messageKind.kind, messageKind]]);

/**
 * What an event says.
 * @returns null for a kind that this build does not know: a later version wrote it. It fills its
 *   number, and says nothing here
 */
export function bodyOf(event: StoredBody): Body | null {
  return KINDS.get(event.kind)?.read(event) ?? null;
}
