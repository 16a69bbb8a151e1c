import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Attachment } from '@parley/protocol';
import { PersonBudget } from '../auth/person-budget.js';
import { hashSecret } from '../auth/tokens/secret-hash.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { randomSecret } from '../kernel/ids.js';
import { LimitExchange } from '../kernel/limits/limit-exchange.js';
import { SharedBuckets } from '../kernel/limits/shared-buckets.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import { isAttachmentId, newAttachmentId } from './attachment-id.js';
import { AttachmentStore, type NewAttachment, type StoredAttachment } from './attachment-store.js';
import { BlobStore, type Upload } from './blob-store.js';
import { fileNameOf } from './file-name.js';
import { attachmentOf } from './own-attachments.js';
import { Settlement } from './settlement.js';
import { TransferPace } from './transfer-pace.js';

/** How long a file may be without a message. */
export const UNUSED_MS = 24 * 60 * 60 * 1_000;
/** The header with the secret that an upload asks for. */
export const UPLOAD_TOKEN = 'upload-token';
const SECONDS_A_MINUTE = 60;
/** About 4 ms of work for a MiB that is received, hashed and written. */
const UNITS_PER_MIB = 40;
const MIB = 1024 * 1024;

/** A file as its sender describes it. */
export interface Announced {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** Hex; null: not given. */
  readonly sha256: string | null;
}

/** A piece of an upload, or all of it. */
export interface Piece {
  /** Where it begins. */
  readonly offset: number;
  readonly length: number;
  /** Of the whole, as its sender says; null: not said. */
  readonly total: number | null;
}

/** How far an upload has come. */
export interface Progress {
  readonly offset: number;
  readonly size: number;
  /** Once all of it is there. */
  readonly attachment: Attachment | null;
}

/** Takes files in: announced first, then sent in one piece or in several, whatever breaks off between. */
@Injectable()
export class UploadsService {
  /** Bytes that were received. */
  bytes = 0;
  private readonly rate: SharedBuckets;
  /** What is being received, by id. */
  private readonly receiving = new Map<string, { source: Readable; ended: Promise<unknown> }>();

  constructor(
    private readonly store: AttachmentStore,
    private readonly blobs: BlobStore,
    private readonly settlement: Settlement,
    private readonly budget: PersonBudget,
    private readonly pace: TransferPace,
    private readonly clock: Clock,
    exchange: LimitExchange,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const perMinute = settings.limits.attachmentRate;
    this.rate = new SharedBuckets(clock, exchange, {
      scope: 'attachment',
      perSecond: perMinute / SECONDS_A_MINUTE,
      burst: perMinute,
      tellBelow: 1,
    });
  }

  /**
   * Takes room for a file, and tells where its bytes are to be sent.
   * @throws Refusal `too-large`, `rate-limited` or `quota-exceeded`, by rejection
   */
  async announce(owner: Person, announced: Announced): Promise<{ id: string; upload: Upload }> {
    const { attachmentBytes, attachmentQuota, attachmentDisk } = this.settings.limits;
    if (announced.size > attachmentBytes) {
      throw new Refusal('too-large', { field: 'size', limit: attachmentBytes });
    }
    const retryAfter = this.rate.take(owner.id);
    if (retryAfter > 0) throw new Refusal('rate-limited', { retryAfter });
    const token = randomSecret();
    const attachment: NewAttachment = {
      ...announced,
      id: newAttachmentId(),
      ownerId: owner.id,
      name: fileNameOf(announced.name),
      uploadHash: hashSecret(token),
      createdAt: this.clock.now(),
    };
    const quota = { person: attachmentQuota, all: attachmentDisk };
    const outcome = await this.store.create(attachment, quota);
    if (outcome !== 'created') throw new Refusal('quota-exceeded', { limit: quota[outcome] });
    const upload = (await this.blobs.uploadFor(attachment)) ?? this.ownUpload(attachment, token);
    return { id: attachment.id, upload };
  }

  /** How much of an upload is there. @throws Refusal `attachment-unknown`, by rejection */
  async progress(id: string, token: string): Promise<Progress> {
    const row = await this.expected(id, token);
    if (row.state === 'ready') return progressOf(row);
    return {
      offset: Math.min(await this.blobs.received(id), row.size),
      size: row.size,
      attachment: null,
    };
  }

  /**
   * Receives a piece. Whoever sends another one of the same file takes over: the connection that it came on
   * before may be dead without anybody knowing.
   * @throws Refusal `attachment-unknown`; `invalid-field` for a piece that cannot be one;
   *   `attachment-not-ready` where it begins behind what is there, or the whole is not what was announced;
   *   by rejection
   */
  receive(id: string, token: string, piece: Piece, source: Readable): Promise<Progress> {
    return this.alone(id, source, async () => {
      const row = await this.expected(id, token);
      if (row.state === 'ready') return progressOf(row);
      check(piece, row);
      const end = await this.append(row, piece, source);
      if (end < row.size) return { offset: end, size: row.size, attachment: null };
      return progressOf(await this.settlement.settle(row));
    });
  }

  /** Gives up a file that no message has. @throws Refusal `attachment-unknown`, by rejection */
  async discard(owner: Person, id: string): Promise<void> {
    const isDone = isAttachmentId(id) && (await this.store.discard(id, owner.id));
    if (!isDone) throw new Refusal('attachment-unknown');
  }

  private ownUpload({ id }: NewAttachment, token: string): Upload {
    return {
      method: 'PUT',
      url: `${this.settings.basePath ?? ''}/attachments/${id}/content`,
      headers: { [UPLOAD_TOKEN]: token },
      expires_in: UNUSED_MS / 1_000,
    };
  }

  private async expected(id: string, token: string): Promise<StoredAttachment> {
    const [row] = await this.store.find([id].filter(isAttachmentId));
    const isGone = row === undefined || row.state === 'gone' || row.message !== null;
    if (isGone || row.uploadHash !== hashSecret(token)) throw new Refusal('attachment-unknown');
    return row;
  }

  private async append(row: StoredAttachment, piece: Piece, source: Readable): Promise<number> {
    const { id, size, ownerId } = row;
    if (piece.offset > (await this.blobs.received(id))) throw new Refusal('attachment-not-ready');
    const end = await this.blobs.append(id, piece.offset, this.pace.paced(source), size);
    const bytes = end - piece.offset;
    this.bytes += bytes;
    this.budget.charge(ownerId, (bytes / MIB) * UNITS_PER_MIB);
    await this.checkStillExpected(id);
    return end;
  }

  /** Where it was given up meanwhile, its bytes may have come behind the sweep. */
  private async checkStillExpected(id: string): Promise<void> {
    const [row] = await this.store.find([id]);
    if (row !== undefined && row.state !== 'gone') return;
    await this.blobs.remove([id]);
    throw new Refusal('attachment-unknown');
  }

  private async alone<Result>(
    id: string,
    source: Readable,
    work: () => Promise<Result>,
  ): Promise<Result> {
    for (let other = this.receiving.get(id); other; other = this.receiving.get(id)) {
      other.source.destroy();
      await other.ended;
    }
    const result = work();
    const ended = result.catch(() => undefined).finally(() => this.receiving.delete(id));
    this.receiving.set(id, { source, ended });
    return result;
  }
}

function check({ offset, length, total }: Piece, { size }: StoredAttachment): void {
  if (offset + length > size) throw new Refusal('too-large', { limit: size });
  const isWhole = total === null && offset + length === size;
  if (!isWhole && total !== size) throw new Refusal('invalid-field', { field: 'content-range' });
}

function progressOf(ready: StoredAttachment): Progress {
  // Of the upload, not of what was made of it.
  return { offset: ready.size, size: ready.size, attachment: attachmentOf(ready) };
}
