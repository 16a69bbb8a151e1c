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
  if (kept.digest !== null) return kept.digest === digestOf(given);
  return kept.kind === given.kind && kept.target === given.target && kept.body === given.body;
}

/** The digest to store with an emptied body, which its ref continues to stand for. */
export function digestOf({ kind, target, body }: StoredBody): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, target, body]))
    .digest('base64url');
}
