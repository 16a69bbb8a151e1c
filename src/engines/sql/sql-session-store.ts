import type { Kysely, Transaction } from 'kysely';
import {
  type PasswordChange,
  type Rotation,
  SessionStore,
  type StoredSession,
  type Surplus,
  type TicketClaim,
} from '../../auth/sessions/session-store.js';
import { deleteInChunks } from './delete-in-chunks.js';
import { addToken, noteVisit, rotate } from './refresh-rotation.js';
import type { Schema } from './schema.js';
import { transact } from './transact.js';

/** The counter of the time up to which everything was pruned. */
const PRUNED_UNTIL = 'pruned-until';

export class SqlSessionStore extends SessionStore {
  constructor(private readonly database: Kysely<Schema>) {
    super();
  }

  override async create(
    session: StoredSession,
    refreshHash: string,
    passwordHash: string | null,
  ): Promise<boolean> {
    return transact(this.database, async (transaction) => {
      // Changes nothing, but locks: waits for a concurrent change of the password.
      if (!(await replacePassword(transaction, session.userId, passwordHash, passwordHash))) {
        return false;
      }
      if (passwordHash === null) await noteVisit(transaction, session.userId, session.createdAt);
      await transaction
        .insertInto('sessions')
        .values({
          id: session.id,
          user_id: session.userId,
          created_at: session.createdAt,
          expires_at: session.expiresAt,
          revoked_at: null,
        })
        .execute();
      await addToken(transaction, {
        hash: refreshHash,
        session_id: session.id,
        expires_at: session.expiresAt,
      });
      return true;
    });
  }

  override async rotate(
    refreshHash: string,
    successorHash: string,
    successorExpiresAt: number,
    now: number,
  ): Promise<Rotation> {
    return transact(this.database, (transaction) =>
      rotate(transaction, { refreshHash, successorHash, successorExpiresAt, now }),
    );
  }

  override async revoke(sessionId: string, now: number): Promise<boolean> {
    const result = await this.database
      .updateTable('sessions')
      .set({ revoked_at: now })
      .where('id', '=', sessionId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  override async changePassword({
    userId,
    from,
    to,
    except,
    now,
  }: PasswordChange): Promise<readonly string[] | null> {
    return this.database.transaction().execute(async (transaction) => {
      if (!(await replacePassword(transaction, userId, from, to))) return null;
      const ended = await transaction
        .updateTable('sessions')
        .set({ revoked_at: now })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('id', '!=', except)
        .returning('id')
        .execute();
      return ended.map((row) => row.id);
    });
  }

  override async endSurplus({ userId, keep, now, until }: Surplus): Promise<readonly string[]> {
    const ended = await this.database
      .updateTable('sessions')
      .set({ revoked_at: now, expires_at: until })
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .where('id', 'not in', (query) =>
        query
          .selectFrom('sessions')
          .select('id')
          .where('user_id', '=', userId)
          .where('revoked_at', 'is', null)
          .orderBy('expires_at', 'desc')
          .orderBy('id', 'desc')
          .limit(keep),
      )
      .returning('id')
      .execute();
    return ended.map(({ id }) => id);
  }

  override async revokedSince(since: number): Promise<readonly string[]> {
    const rows = await this.database
      .selectFrom('sessions')
      .select('id')
      .where('revoked_at', '>=', since)
      .execute();
    return rows.map((row) => row.id);
  }

  override async putTicket(hash: string, claim: TicketClaim, expiresAt: number): Promise<void> {
    await this.database
      .insertInto('tickets')
      .values({
        hash,
        session_id: claim.sessionId,
        user_id: claim.userId,
        username: claim.username,
        session_expires_at: claim.sessionExpiresAt,
        expires_at: expiresAt,
      })
      .execute();
  }

  override async takeTicket(hash: string, now: number): Promise<TicketClaim | null> {
    const ticket = await this.database
      .deleteFrom('tickets')
      .where('hash', '=', hash)
      .where('expires_at', '>', now)
      .where((query) =>
        query.not(
          query.exists(
            query
              .selectFrom('sessions')
              .select('sessions.id')
              .whereRef('sessions.id', '=', 'tickets.session_id')
              .where('sessions.revoked_at', 'is not', null),
          ),
        ),
      )
      .returningAll()
      .executeTakeFirst();
    if (ticket === undefined) return null;
    return {
      sessionId: ticket.session_id,
      userId: ticket.user_id,
      username: ticket.username,
      sessionExpiresAt: ticket.session_expires_at,
    };
  }

  override async isAlive(sessionId: string): Promise<boolean> {
    const row = await this.database
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', sessionId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row !== undefined;
  }

  override async prunedUntil(): Promise<number> {
    const row = await this.database
      .selectFrom('counters')
      .select('value')
      .where('name', '=', PRUNED_UNTIL)
      .executeTakeFirst();
    return row?.value ?? 0;
  }

  override async prune(now: number): Promise<void> {
    // First: a node that starts meanwhile must not rely on what is about to go.
    await this.notePruning(now);
    await deleteInChunks((limit) =>
      this.database
        .deleteFrom('tickets')
        .where('hash', 'in', (query) =>
          query.selectFrom('tickets').select('hash').where('expires_at', '<', now).limit(limit),
        ),
    );
    await deleteInChunks((limit) =>
      this.database
        .deleteFrom('refresh_tokens')
        .where('hash', 'in', (query) =>
          query
            .selectFrom('refresh_tokens')
            .select('hash')
            .where('expires_at', '<', now)
            .limit(limit),
        ),
    );
    await deleteInChunks((limit) =>
      this.database
        .deleteFrom('sessions')
        .where('id', 'in', (query) =>
          query.selectFrom('sessions').select('id').where('expires_at', '<', now).limit(limit),
        ),
    );
  }

  private async notePruning(now: number): Promise<void> {
    await this.database
      .insertInto('counters')
      .values({ name: PRUNED_UNTIL, value: now })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ value: now }).where('counters.value', '<', now),
      )
      .execute();
  }
}

/** @returns false where the account has another password than `from` */
async function replacePassword(
  transaction: Transaction<Schema>,
  userId: string,
  from: string | null,
  to: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('users')
    .set({ password_hash: to })
    .where('id', '=', userId)
    .where('password_hash', from === null ? 'is' : '=', from)
    .where('gone_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
