import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  BlobStore,
  type ByteRange,
  type NewBlob,
  type Upload,
} from '../../attachments/blob-store.js';
import type { S3Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import { LookedAt } from './looked-at.js';
import { addressOf } from './s3-address.js';
import type { S3Answer, S3Client } from './s3-client.js';
import { keysIn } from './s3-listing.js';
import type { S3Signer } from './s3-signer.js';

/** For sending what was announced; who is later announces it anew. */
const UPLOAD_SECONDS = 3_600;
/** A copy within the store may take a while. */
const COPY_MAX_MS = 60_000;
/** What whoever found a way round signed URLs would get: nothing that a browser shows. */
const SEALED = {
  'content-type': 'application/octet-stream',
  'content-disposition': 'attachment',
} as const;
/** Blobs that are removed at the same time. */
const REMOVED_AT_ONCE = 8;

const ID = /^[\w-]{22}$/;
const NAME = /^[a-z0-9-]{1,32}$/;

/**
 * Blobs as objects of a bucket: `uploads/<id>`, to which clients send with a signed URL, then `blobs/<id>`, to
 * which they cannot, and beside that `blobs/<id>.<name>`. An object is there as a whole or not at all; what was
 * sealed counts, so that whatever a crash leaves in `uploads/` can be thrown away.
 */
export class S3BlobStore extends BlobStore {
  private readonly lookedAt = new LookedAt();

  constructor(
    private readonly settings: S3Settings,
    private readonly client: S3Client,
    private readonly signer: S3Signer,
  ) {
    super();
  }

  override async uploadFor({ id, size, type, sha256 }: NewBlob): Promise<Upload> {
    const headers = {
      'content-type': type,
      ...(sha256 !== null && {
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      }),
    };
    const url = await this.signer.urlFor(
      {
        method: 'PUT',
        url: addressOf(this.settings, 'client', uploadKey(id)),
        // Every client says it, and browsers let nobody else do so.
        headers: { ...headers, 'content-length': String(size) },
      },
      UPLOAD_SECONDS,
    );
    return { method: 'PUT', url, headers, expires_in: UPLOAD_SECONDS };
  }

  override received(): Promise<number> {
    return Promise.resolve(0);
  }

  /** @throws Refusal `not-found`: bytes are sent to the store, and not here; by rejection */
  override append(): Promise<number> {
    return Promise.reject(new Refusal('not-found'));
  }

  override async arrived({ id, size, sha256 }: NewBlob) {
    const upload = await this.client.tell({
      ...{ method: 'HEAD', key: uploadKey(id) },
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    });
    if (upload.statusCode === 404) {
      // A node that died after sealing it has checked it; the rest is done again.
      return (await this.isSealed(id)) ? { size, sha256 } : null;
    }
    this.lookedAt.note(id, upload.headers.etag ?? '');
    const found = Number(upload.headers['content-length']);
    if (sha256 === null || found !== size) return { size: found, sha256: null };
    return { size: found, sha256: checksumOf(upload) ?? (await this.digestOf(id)) };
  }

  override async seal(id: string, bytes?: Buffer): Promise<void> {
    if (bytes === undefined) await this.copy(id);
    else await this.put(blobKey(id), bytes);
    this.lookedAt.forget(id);
    await this.client.tell({ method: 'DELETE', key: uploadKey(id) });
  }

  override async putBeside(id: string, name: string, bytes: Buffer): Promise<void> {
    await this.put(besideKey(id, name), bytes);
  }

  override async peek(id: string, bytes: number): Promise<Buffer> {
    const headers = { range: `bytes=0-${String(bytes - 1)}`, ...this.ifLookedAt(id) };
    const upload = await this.client.send({ method: 'GET', key: uploadKey(id), headers });
    if (upload.statusCode === 404) {
      upload.resume();
      return buffer(await this.open(id, null, { start: 0, end: bytes - 1 }));
    }
    return buffer(found(upload));
  }

  override async open(id: string, beside: string | null, range: ByteRange | null) {
    return found(
      await this.client.send({
        ...{ method: 'GET', key: keyOf(id, beside) },
        headers:
          range === null ? {} : { range: `bytes=${String(range.start)}-${String(range.end)}` },
      }),
    );
  }

  override async link(
    id: string,
    beside: string | null,
    answer: { readonly type: string; readonly disposition: string },
    seconds: number,
  ): Promise<string> {
    const url = addressOf(this.settings, 'client', keyOf(id, beside));
    url.searchParams.set('response-content-type', answer.type);
    url.searchParams.set('response-content-disposition', answer.disposition);
    url.searchParams.set('response-cache-control', 'private');
    return this.signer.urlFor({ method: 'GET', url, headers: {} }, seconds);
  }

  override async remove(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += REMOVED_AT_ONCE) {
      const some = ids.slice(at, at + REMOVED_AT_ONCE);
      await Promise.all(some.map((id) => this.removeOne(id)));
    }
  }

  private async removeOne(id: string): Promise<void> {
    this.lookedAt.forget(id);
    const query = { 'list-type': '2', prefix: blobKey(id) };
    const { body } = await this.client.read({ method: 'GET', key: null, query });
    for (const key of [uploadKey(id), ...keysIn(body)]) {
      await this.client.tell({ method: 'DELETE', key });
    }
  }

  private async put(key: string, body: Buffer): Promise<void> {
    const { status } = await this.client.read({ method: 'PUT', key, body, headers: SEALED });
    if (status !== 200) throw new Refusal('store-unavailable');
  }

  /** Only of what was looked at. Where it is a blob already, nothing is left to do. */
  private async copy(id: string): Promise<void> {
    const tag = this.lookedAt.get(id);
    const { status, body } = await this.client.read({
      ...{ method: 'PUT', key: blobKey(id), silenceMs: COPY_MAX_MS },
      headers: {
        ...SEALED,
        'x-amz-copy-source': `/${this.settings.bucket}/${uploadKey(id)}`,
        'x-amz-metadata-directive': 'REPLACE',
        ...(tag !== null && { 'x-amz-copy-source-if-match': tag }),
      },
    });
    // A copy that fails late is answered with 200, and says so in its text.
    if (status === 200 && !body.includes('<Error>')) return;
    if (status === 404 && (await this.isSealed(id))) return;
    throw new Refusal(status === 200 ? 'store-unavailable' : 'attachment-not-ready');
  }

  private async isSealed(id: string): Promise<boolean> {
    return (await this.client.tell({ method: 'HEAD', key: blobKey(id) })).statusCode === 200;
  }

  private async digestOf(id: string): Promise<string> {
    const headers = this.ifLookedAt(id);
    const hash = createHash('sha256');
    await pipeline(
      found(await this.client.send({ method: 'GET', key: uploadKey(id), headers })),
      hash,
    );
    return hash.digest('hex');
  }

  private ifLookedAt(id: string): Readonly<Record<string, string>> {
    const tag = this.lookedAt.get(id);
    return tag === null ? {} : { 'if-match': tag };
  }
}

function uploadKey(id: string): string {
  return `uploads/${checked(id, ID)}`;
}

function blobKey(id: string): string {
  return `blobs/${checked(id, ID)}`;
}

function besideKey(id: string, name: string): string {
  return `${blobKey(id)}.${checked(name, NAME)}`;
}

function keyOf(id: string, beside: string | null): string {
  return beside === null ? blobKey(id) : besideKey(id, beside);
}

function checked(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new Error('not a name of a blob');
  return text;
}

/** @throws Refusal where it is not there, or not what was looked at */
function found(answer: S3Answer): Readable {
  if (answer.statusCode === 200 || answer.statusCode === 206) return answer;
  answer.resume();
  throw new Refusal(answer.statusCode === 404 ? 'attachment-unknown' : 'attachment-not-ready');
}

/** Hex; null: the store has none. */
function checksumOf({ headers }: S3Answer): string | null {
  const told = headers['x-amz-checksum-sha256'];
  return typeof told === 'string' ? Buffer.from(told, 'base64').toString('hex') : null;
}
