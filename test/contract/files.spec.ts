import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '../../src/engines/files/file-blob-store.js';
import { temporaryFolder } from '../support/service.js';
import {
  blobOf,
  blobStoreContract,
  type BlobsUnderTest,
  receivingContract,
} from './blob-store.suite.js';

async function openIn(folder: string): Promise<FileBlobStore> {
  const store = new FileBlobStore(folder);
  await store.prepare();
  return store;
}

async function open(): Promise<BlobsUnderTest> {
  const folder = temporaryFolder();
  const blobs = await openIn(folder);
  return {
    blobs,
    upload: async (blob, bytes) => {
      await blobs.append(blob.id, 0, Readable.from([bytes]), blob.size);
    },
    hasUpload: (id) => Promise.resolve(existsSync(join(folder, 'uploads', id))),
    reopen: () => openIn(folder),
  };
}

describe('Blobs in a folder', () => {
  blobStoreContract(open);
  receivingContract(open);

  it('are for the service alone', async () => {
    const folder = temporaryFolder();
    const blobs = await openIn(folder);
    const bytes = Buffer.from('hello');
    const blob = blobOf(bytes);
    await blobs.append(blob.id, 0, Readable.from([bytes]), blob.size);
    await blobs.seal(blob.id);
    await blobs.putBeside(blob.id, 'thumbnail', bytes);
    const modes = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => [
      entry.isFile(),
      statSync(join(entry.parentPath, entry.name)).mode & 0o777,
    ]);
    expect(new Set(modes.map(String))).toEqual(new Set(['true,384', 'false,448']));
  });

  it('leave no file behind when they are removed', async () => {
    const folder = temporaryFolder();
    const blobs = await openIn(folder);
    const bytes = Buffer.from('hello');
    const blob = blobOf(bytes);
    await blobs.append(blob.id, 0, Readable.from([bytes]), blob.size);
    await blobs.seal(blob.id, Buffer.from('other'));
    await blobs.putBeside(blob.id, 'thumbnail', bytes);
    await blobs.remove([blob.id]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('need a folder that can be written', async () => {
    const file = join(temporaryFolder(), 'file');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, '');
    await expect(openIn(file)).rejects.toThrow(/ATTACHMENTS_DIR/);
  });
});
