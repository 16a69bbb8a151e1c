import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BlobStore, NewBlob } from '../../src/attachments/blob-store.js';

/** A store of blobs that the service itself receives: what a client sends elsewhere is tested there. */
export interface BlobsUnderTest {
  readonly blobs: BlobStore;
  /** Brings a whole upload there, as a client does. */
  upload(blob: NewBlob, bytes: Buffer): Promise<void>;
  /** Whether the upload itself is still there. */
  hasUpload(id: string): Promise<boolean>;
  /** The same blobs after a restart. */
  reopen(): Promise<BlobStore>;
}

export const newId = (): string => randomBytes(16).toString('base64url');

/** @param bytes of what it announces */
export function blobOf(bytes: Buffer, more: Partial<NewBlob> = {}): NewBlob {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: newId(), size: bytes.length, type: 'text/plain', sha256, ...more };
}

export function blobStoreContract(open: () => Promise<BlobsUnderTest>): void {
  describe('BlobStore', () => {
    const bytes = randomBytes(200_000);
    let store: BlobsUnderTest;
    let blobs: BlobStore;

    beforeEach(async () => {
      store = await open();
      ({ blobs } = store);
    });

    async function sealed(content = bytes): Promise<string> {
      const blob = blobOf(content);
      await store.upload(blob, content);
      await blobs.seal(blob.id);
      return blob.id;
    }

    const read = async (id: string, beside: string | null = null) =>
      buffer(await blobs.open(id, beside, null));

    it('tells of an upload when all of it has arrived', async () => {
      const blob = blobOf(bytes);
      expect(await blobs.arrived(blob)).toBeNull();
      await store.upload(blob, bytes);
      expect(await blobs.arrived(blob)).toEqual({ size: bytes.length, sha256: blob.sha256 });
      expect(await blobs.peek(blob.id, 10)).toEqual(bytes.subarray(0, 10));
      expect(await blobs.peek(blob.id, bytes.length + 10)).toEqual(bytes);
    });

    it('has a blob once it is sealed, all of it and in parts', async () => {
      const id = await sealed();
      expect(await read(id)).toEqual(bytes);
      const part = await blobs.open(id, null, { start: 100, end: 199 });
      expect(await buffer(part)).toEqual(bytes.subarray(100, 200));
    });

    it('opens nothing that is not sealed', async () => {
      const blob = blobOf(bytes);
      await store.upload(blob, bytes);
      await expect(read(blob.id)).rejects.toThrow();
    });

    it('seals other bytes in place of those that were sent, of which nothing is left', async () => {
      const blob = blobOf(bytes);
      await store.upload(blob, bytes);
      await blobs.seal(blob.id, Buffer.from('without metadata'));
      expect((await read(blob.id)).toString()).toBe('without metadata');
      expect(await store.hasUpload(blob.id)).toBe(false);
    });

    it('keeps things beside a blob', async () => {
      const id = await sealed();
      await blobs.putBeside(id, 'thumbnail', Buffer.from('small'), 'image/webp');
      expect((await read(id, 'thumbnail')).toString()).toBe('small');
      expect(await read(id)).toEqual(bytes);
    });

    it('removes all of a blob, what lies beside it, and what was not sealed', async () => {
      const id = await sealed();
      await blobs.putBeside(id, 'thumbnail', Buffer.from('small'), 'image/webp');
      const other = await sealed();
      const waiting = blobOf(bytes);
      await store.upload(waiting, bytes);
      await blobs.remove([id, waiting.id, newId()]);
      await expect(read(id)).rejects.toThrow();
      await expect(read(id, 'thumbnail')).rejects.toThrow();
      expect(await blobs.arrived(waiting)).toBeNull();
      expect(await read(other)).toEqual(bytes);
    });

    it('has it all after a restart', async () => {
      const id = await sealed();
      blobs = await store.reopen();
      expect(await read(id)).toEqual(bytes);
    });
  });
}

/** What a store promises whose uploads the service receives. */
export function receivingContract(open: () => Promise<BlobsUnderTest>): void {
  describe('BlobStore that receives uploads', () => {
    const bytes = randomBytes(100_000);
    let blobs: BlobStore;

    beforeEach(async () => {
      ({ blobs } = await open());
    });

    const pieces = (...all: readonly Buffer[]) => Readable.from(all);

    it('keeps what came before a source broke off, and goes on from there', async () => {
      const blob = blobOf(bytes);
      const broken = new Readable({ read: () => undefined });
      broken.push(bytes.subarray(0, 30_000));
      const appending = blobs.append(blob.id, 0, broken, blob.size);
      while ((await blobs.received(blob.id)) < 30_000) await Promise.resolve();
      broken.destroy(new Error('cut'));
      expect(await appending).toBe(30_000);
      expect(await blobs.arrived(blob)).toBeNull();
      const rest = pieces(bytes.subarray(30_000, 50_000), bytes.subarray(50_000));
      expect(await blobs.append(blob.id, 30_000, rest, blob.size)).toBe(bytes.length);
      expect(await blobs.arrived(blob)).toEqual({ size: bytes.length, sha256: blob.sha256 });
    });

    it('takes an earlier offset for what is to be sent again', async () => {
      const blob = blobOf(bytes);
      await blobs.append(blob.id, 0, pieces(Buffer.alloc(60_000, 'x')), blob.size);
      await blobs.append(blob.id, 0, pieces(bytes), blob.size);
      expect(await blobs.arrived(blob)).toEqual({ size: bytes.length, sha256: blob.sha256 });
    });

    it('never keeps more than is wanted', async () => {
      const blob = blobOf(bytes, { size: 50_000 });
      expect(await blobs.append(blob.id, 0, pieces(bytes), 50_000)).toBe(50_000);
      expect(await blobs.received(blob.id)).toBe(50_000);
    });

    it('has nothing of what nobody sent', async () => {
      expect(await blobs.received(newId())).toBe(0);
    });

    it.each([
      '../x',
      '',
      'a/b',
      '.',
      'x'.repeat(21),
      `${'x'.repeat(21)}/`,
      `${'x'.repeat(22)}.new`,
    ])('takes %j for no id [S61]', async (id) => {
      await expect(blobs.append(id, 0, pieces(bytes), 10)).rejects.toThrow();
      await expect(blobs.open(id, null, null)).rejects.toThrow();
      await expect(blobs.remove([id])).rejects.toThrow();
      await expect(blobs.putBeside(id, 'thumbnail', bytes, 'image/webp')).rejects.toThrow();
    });
  });
}
