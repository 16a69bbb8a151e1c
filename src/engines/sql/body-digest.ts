import { createHash } from 'node:crypto';
import type { StoredBody } from '../../chat/log/event.js';

/** A body as it is stored: where it was emptied since, the digest says what it was. */
export interface KeptBody {
  readonly kind: string;
  readonly target: number | null;
  readonly body: string;
  readonly digest: string | null;
}

/**
 * Whether what came again under a ref is what came first. While the body is there it is compared
 * itself, so that the way of every message makes no digest.
 */
export function isSameBody(given: StoredBody, kept: KeptBody): boolean {
  if (kept.digest !== null) return kept.digest === digestOf(given);
  return kept.kind === given.kind && kept.target === given.target && kept.body === given.body;
}

/** To be written in the place of a body that is emptied: its ref goes on to stand for it. */
export function digestOf({ kind, target, body }: StoredBody): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, target, body]))
    .digest('base64url');
}
