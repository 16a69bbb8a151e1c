import { type Kysely, sql, type Transaction } from 'kysely';
import {
  AttachmentStore,
  type Content,
  type NewAttachment,
  type Quota,
  type StoredAttachment,
} from '../../attachments/attachment-store.js';
import type { Schema } from './schema.js';
import { transact } from './transact.js';

/** Under whose id the bytes of all are counted. */
const ALL = '';

/** Undoes a transaction in which there is no room. */
class Full extends Error {
  constructor(readonly quota: keyof Quota) {
    super('full');
  }
}

/**
 * Shared by both databases. Bytes are counted in rows of their own, one a person and one of all, which an
 * insertion moves under a condition: two at once wait for each other, where two sums would not. Rows are
 * locked in the order of their owners, and the one of all last.
 */
export class SqlAttachmentStore extends AttachmentStore {
  constructor(private readonly database: Kysely<Schema>) {
    super();
  }

  override async create(attachment: NewAttachment, quota: Quota): Promise<'created' | keyof Quota> {
    const { ownerId, uploadHash, createdAt, size, ...others } = attachment;
    const row = {
      ...{ ...others, size, held: size },
      ...{ owner_id: ownerId, upload_hash: uploadHash, created_at: createdAt },
    };
    try {
      await transact(this.database, async (transaction) => {
        await hold(transaction, ownerId, size, quota.person, 'person');
        await hold(transaction, ALL, size, quota.all, 'all');
        await transaction.insertInto('attachments').values(row).execute();
      });
      return 'created';
    } catch (error) {
      if (error instanceof Full) return error.quota;
      throw error;
    }
  }

  override async find(ids: readonly string[]): Promise<readonly StoredAttachment[]> {
    if (ids.length === 0) return [];
    const rows = await selectAttachments(this.database)
      .where('attachments.id', 'in', ids)
      .execute();
    return rows.map(toAttachment);
  }

  override async finish(id: string, { size, type, picture }: Content): Promise<boolean> {
    const { numUpdatedRows } = await this.database
      .updateTable('attachments')
      .set({
        ...{ state: 'ready', size, found_type: type },
        ...{ width: picture?.width ?? null, height: picture?.height ?? null },
      })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  override async discard(id: string, ownerId: string): Promise<boolean> {
    const { numUpdatedRows } = await this.database
      .updateTable('attachments')
      .set({ state: 'gone' })
      .where('id', '=', id)
      .where('owner_id', '=', ownerId)
      .where('seq', 'is', null)
      .where('state', '<>', 'gone')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  override async expire(before: number, limit: number): Promise<number> {
    const { numAffectedRows } = await sql`
      update attachments set state = 'gone'
      where seq is null and state <> 'gone' and id in (
        select old.id from attachments as old
        left join users on users.id = old.owner_id and users.gone_at is null
        where old.seq is null and old.state <> 'gone'
          and (old.created_at < cast(${before} as bigint) or users.id is null)
        order by old.created_at limit cast(${limit} as bigint))`.execute(this.database);
    return Number(numAffectedRows ?? 0n);
  }

  override async gone(limit: number): Promise<readonly string[]> {
    const rows = await this.database
      .selectFrom('attachments')
      .select('id')
      .where('state', '=', sql.lit('gone' as const))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  override async forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await transact(this.database, async (transaction) => {
      const rows = await transaction
        .deleteFrom('attachments')
        .where('id', 'in', ids)
        .where('state', '=', 'gone')
        .returning(['owner_id', 'held'])
        .execute();
      const freed = new Map<string, number>();
      for (const { owner_id: owner, held } of rows)
        freed.set(owner, (freed.get(owner) ?? 0) + held);
      for (const owner of [...freed.keys()].sort()) {
        await release(transaction, owner, freed.get(owner) ?? 0);
      }
      await release(
        transaction,
        ALL,
        [...freed.values()].reduce((sum, one) => sum + one, 0),
      );
    });
  }

  override async held(ownerId: string | null): Promise<number> {
    const row = await this.database
      .selectFrom('attachment_usage')
      .select('bytes')
      .where('owner_id', '=', ownerId ?? ALL)
      .executeTakeFirst();
    return row?.bytes ?? 0;
  }
}

/** @param most 0: any number. @throws Full */
async function hold(
  transaction: Transaction<Schema>,
  owner: string,
  bytes: number,
  most: number,
  quota: keyof Quota,
): Promise<void> {
  const limit = most === 0 ? Number.MAX_SAFE_INTEGER : most;
  if (bytes > limit) throw new Full(quota);
  const { numAffectedRows } = await sql`
    insert into attachment_usage (owner_id, bytes) values (${owner}, cast(${bytes} as bigint))
    on conflict (owner_id) do update set bytes = attachment_usage.bytes + excluded.bytes
    where attachment_usage.bytes + excluded.bytes <= cast(${limit} as bigint)`.execute(transaction);
  if ((numAffectedRows ?? 0n) === 0n) throw new Full(quota);
}

/** A person who keeps nothing has no row. */
async function release(
  transaction: Transaction<Schema>,
  owner: string,
  bytes: number,
): Promise<void> {
  await transaction
    .updateTable('attachment_usage')
    .set({ bytes: sql<number>`bytes - cast(${bytes} as bigint)` })
    .where('owner_id', '=', owner)
    .execute();
  await transaction
    .deleteFrom('attachment_usage')
    .where('owner_id', '=', owner)
    .where('bytes', '<=', 0)
    .execute();
}

function selectAttachments(database: Kysely<Schema>) {
  return database
    .selectFrom('attachments')
    .leftJoin('conversations', 'conversations.id', 'attachments.conversation_id')
    .select([
      ...(['attachments.id', 'owner_id', 'name', 'size', 'held', 'type', 'sha256'] as const),
      ...(['upload_hash', 'created_at', 'state', 'found_type', 'width', 'height', 'seq'] as const),
      'conversations.key',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectAttachments>['executeTakeFirstOrThrow']>>;

function toAttachment(row: Row): StoredAttachment {
  const { key, seq, width, height } = row;
  const picture = width === null || height === null ? null : { width, height };
  return {
    ...{ id: row.id, ownerId: row.owner_id, name: row.name, size: row.held, type: row.type },
    ...{ sha256: row.sha256, uploadHash: row.upload_hash, createdAt: row.created_at },
    state: row.state,
    content: row.found_type === null ? null : { size: row.size, type: row.found_type, picture },
    message: key === null || seq === null ? null : { conversation: key, seq },
  };
}
