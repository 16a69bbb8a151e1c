import { createHash } from 'node:crypto';
import type { StoredBody } from '../../chat/log/event.js';

/** A body as stored; once emptied, its digest stands for it. */
export interface KeptBody {
  readonly kind: string;
  readonly target: number | null;
  readonly body: string;
  readonly digest: string | null;
}

/**
 * Whether a repetition under a ref has the same content as the original. Bodies are compared while
 * they exist, so that ordinary messages cost no digest.
 */
export function isSameBody(given: StoredBody, kept: KeptBody): boolean {
  if (kept.digest === EMPTIED) return kept.kind === given.kind && kept.target === given.target;
  if (kept.digest !== null) return kept.digest === digestOf(given);
  return kept.kind === given.kind && kept.target === given.target && kept.body === given.body;
}

/**
 * In place of the digest of what went with the message that it was about: an edit's ref stands for
 * any edit of that message then, of which nothing is left to compare.
 */
export const EMPTIED = '';

/** The digest to store with an emptied body, which its ref continues to stand for. */
export function digestOf({ kind, target, body }: StoredBody): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, target, body]))
    .digest('base64url');
}

/** A ref as part_refs stores it: any text is one for either database. */
export function hashOfRef(ref: string): string {
  return createHash('sha256').update(JSON.stringify(ref)).digest('base64url');
}
