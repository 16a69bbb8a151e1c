import type { Insertable, Selectable, Transaction } from 'kysely';
import {
  type Rotation,
  type StoredSession,
  TOGETHER_MS,
} from '../../auth/sessions/session-store.js';
import type { RefreshTokensTable, Schema, SessionsTable } from './schema.js';

/** Unused successors per token. */
const MAX_SUCCESSORS = 64;
/** Exchanges remembered per session: more than a day at one every 12 minutes. */
const KEPT_GENERATIONS = 200;
/** Older exchanges are pruned once in so many. */
const FORGET_EVERY = 20;

export interface RotationRequest {
  readonly refreshHash: string;
  readonly successorHash: string;
  readonly successorExpiresAt: number;
  readonly now: number;
}

type Token = Selectable<RefreshTokensTable>;

/** A token's status, and the round of its successor. */
type Verdict =
  | { readonly status: 'rotated' | 'repeated'; readonly round: number }
  | { readonly status: 'reused' }
  | { readonly status: 'crowded'; readonly retryAfter: number };

/** @see SessionStore.rotate */
export async function rotate(
  transaction: Transaction<Schema>,
  request: RotationRequest,
): Promise<Rotation> {
  const session = await lockSession(transaction, request);
  const token = await findToken(transaction, request.refreshHash);
  if (session === undefined || token === undefined) return { status: 'unknown' };
  const verdict =
    token.used_at === null
      ? await judgeUnused(transaction, token, request.now)
      : await judgeUsed(transaction, token, request.now);
  if (verdict.status === 'crowded') return verdict;
  if (verdict.status === 'reused') {
    await changeSession(transaction, session.id, { revoked_at: request.now });
    return { status: 'reused', session: toSession(session) };
  }
  await exchange(transaction, token, verdict.round, request);
  await noteVisit(transaction, session.user_id, request.now);
  const moved = { ...session, expires_at: request.successorExpiresAt };
  return { status: verdict.status, session: toSession(moved) };
}

export async function addToken(
  transaction: Transaction<Schema>,
  token: Omit<Insertable<RefreshTokensTable>, 'used_at' | 'parent'> & { readonly parent?: string },
): Promise<void> {
  await transaction
    .insertInto('refresh_tokens')
    .values({ parent: null, used_at: null, ...token })
    .execute();
}

/** Records a guest's visit; does nothing for others. */
export async function noteVisit(
  transaction: Transaction<Schema>,
  userId: string,
  now: number,
): Promise<void> {
  await transaction
    .updateTable('users')
    .set({ seen_at: now })
    .where('id', '=', userId)
    .where('password_hash', 'is', null)
    .where('gone_at', 'is', null)
    .execute();
}

/** Changes nothing, but locks: waits for a concurrent exchange in the same session. */
async function lockSession(
  transaction: Transaction<Schema>,
  { refreshHash, now }: RotationRequest,
): Promise<Selectable<SessionsTable> | undefined> {
  return transaction
    .updateTable('sessions')
    .set((query) => ({ expires_at: query.ref('expires_at') }))
    .where('revoked_at', 'is', null)
    .where('id', '=', (query) =>
      query
        .selectFrom('refresh_tokens')
        .select('session_id')
        .where('hash', '=', refreshHash)
        .where('refresh_tokens.expires_at', '>', now),
    )
    .returningAll()
    .executeTakeFirst();
}

function findToken(transaction: Transaction<Schema>, hash: string): Promise<Token | undefined> {
  return transaction
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('hash', '=', hash)
    .executeTakeFirst();
}

/** Of successors issued in different rounds, only those of the round used first are valid. */
async function judgeUnused(
  transaction: Transaction<Schema>,
  token: Token,
  now: number,
): Promise<Verdict> {
  if (token.parent === null) return { status: 'rotated', round: now };
  const usedInItsPlace = await transaction
    .selectFrom('refresh_tokens')
    .select('hash')
    .where('parent', '=', token.parent)
    .where('used_at', 'is not', null)
    .where('round', '!=', token.round)
    .limit(1)
    .executeTakeFirst();
  return usedInItsPlace === undefined ? { status: 'rotated', round: now } : { status: 'reused' };
}

/** An exchanged token may be repeated as long as none of its successors was used. */
async function judgeUsed(
  transaction: Transaction<Schema>,
  token: Token,
  now: number,
): Promise<Verdict> {
  const successors = await transaction
    .selectFrom('refresh_tokens')
    .select(['used_at', 'round'])
    .where('parent', '=', token.hash)
    .execute();
  // None at all: exchanged by a version that did not record successors.
  const isOpen = successors.length > 0 && successors.every(({ used_at }) => used_at === null);
  if (!isOpen) return { status: 'reused' };
  const last = Math.max(...successors.map(({ round }) => round));
  const isTogether = Math.abs(now - last) <= TOGETHER_MS;
  const waiting = successors.filter(({ round }) => isTogether && round === last).length;
  if (waiting >= MAX_SUCCESSORS) return { status: 'crowded', retryAfter: TOGETHER_MS };
  return { status: 'repeated', round: isTogether ? last : now };
}

async function exchange(
  transaction: Transaction<Schema>,
  token: Token,
  round: number,
  { successorHash, successorExpiresAt, now }: RotationRequest,
): Promise<void> {
  const generation = token.generation + 1;
  const { session_id } = token;
  if (token.used_at === null) {
    await transaction
      .updateTable('refresh_tokens')
      .set({ used_at: now })
      .where('hash', '=', token.hash)
      .execute();
    if (generation % FORGET_EVERY === 0) await forget(transaction, session_id, generation);
  } else {
    await makeRoom(transaction, token, round);
  }
  const family = { parent: token.hash, generation, round };
  await addToken(transaction, {
    hash: successorHash,
    session_id,
    expires_at: successorExpiresAt,
    ...family,
  });
  await changeSession(transaction, session_id, { expires_at: successorExpiresAt });
}

async function forget(
  transaction: Transaction<Schema>,
  sessionId: string,
  generation: number,
): Promise<void> {
  await transaction
    .deleteFrom('refresh_tokens')
    .where('session_id', '=', sessionId)
    .where('generation', '<=', generation - KEPT_GENERATIONS)
    .execute();
}

/** When too many successors are unused, those of earlier rounds go: nobody has presented them. */
async function makeRoom(
  transaction: Transaction<Schema>,
  token: Token,
  round: number,
): Promise<void> {
  const { count } = await transaction
    .selectFrom('refresh_tokens')
    .select((query) => query.fn.countAll().as('count'))
    .where('parent', '=', token.hash)
    .executeTakeFirstOrThrow();
  if (Number(count) < MAX_SUCCESSORS) return;
  await transaction
    .deleteFrom('refresh_tokens')
    .where('parent', '=', token.hash)
    .where('round', '!=', round)
    .execute();
}

async function changeSession(
  transaction: Transaction<Schema>,
  id: string,
  change: { readonly revoked_at: number } | { readonly expires_at: number },
): Promise<void> {
  await transaction.updateTable('sessions').set(change).where('id', '=', id).execute();
}

function toSession(row: Selectable<SessionsTable>): StoredSession {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
