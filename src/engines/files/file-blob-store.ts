import { createReadStream } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobStore, type ByteRange, type NewBlob } from '../../attachments/blob-store.js';
import { folderFailure } from '../../kernel/start-failure.js';
import { failing, isMissing } from './failures.js';
import { writeAt } from './write-at.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** 128 bits, base64url: nothing else ever becomes a part of a path. */
const ID = /^[\w-]{22}$/;
const NAME = /^[a-z0-9-]{1,32}$/;
/** The two hexadecimal digits of a folder, so that none has too many files. */
const SHARD_LENGTH = 2;

/**
 * Blobs as files in a folder: `uploads/<id>` while they come in, then `blobs/<xx>/<id>`, and beside that
 * `<id>.<name>`. A file changes its place by a rename, which a crash leaves done or undone. Several nodes
 * may share the folder.
 */
export class FileBlobStore extends BlobStore {
  private readonly uploads: string;
  private readonly blobs: string;

  constructor(private readonly folder: string) {
    super();
    this.uploads = join(folder, 'uploads');
    this.blobs = join(folder, 'blobs');
  }

  /** Makes the folders where they are missing. @throws StartFailure */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.uploads, { recursive: true, mode: FOLDER_MODE });
      await mkdir(this.blobs, { recursive: true, mode: FOLDER_MODE });
      const proof = join(this.uploads, `.proof-${String(process.pid)}`);
      await writeFile(proof, '', { mode: FILE_MODE });
      await rm(proof, { force: true });
    } catch (error) {
      throw folderFailure(error, this.folder, 'ATTACHMENTS_DIR');
    }
  }

  override uploadFor(): Promise<null> {
    return Promise.resolve(null);
  }

  override received(id: string): Promise<number> {
    return failing(async () => (await sizeOf(this.uploadFile(id))) ?? 0);
  }

  override append(id: string, offset: number, source: Readable, most: number): Promise<number> {
    return failing(async () => {
      const file = await openForWriting(this.uploadFile(id));
      try {
        await file.truncate(offset);
        const end = await writeAt(file, offset, source, most);
        await file.datasync();
        return end;
      } finally {
        await file.close();
      }
    });
  }

  override arrived({
    id,
    size,
    sha256,
  }: NewBlob): Promise<{ readonly size: number; readonly sha256: string | null } | null> {
    return failing(async () => {
      const file = this.uploadFile(id);
      if ((await sizeOf(file)) !== size) return null;
      return { size, sha256: sha256 === null ? null : await digestOf(file) };
    });
  }

  override seal(id: string, bytes?: Buffer): Promise<void> {
    return failing(async () => {
      const upload = this.uploadFile(id);
      const blob = await this.placeFor(id);
      if (bytes !== undefined) await writeDurably(`${upload}.new`, bytes);
      else await syncFile(upload);
      await rename(bytes === undefined ? upload : `${upload}.new`, blob);
      await syncFolder(this.shardOf(id));
      if (bytes !== undefined) await rm(upload, { force: true });
    });
  }

  override putBeside(id: string, name: string, bytes: Buffer): Promise<void> {
    return failing(async () => {
      const beside = `${await this.placeFor(id)}.${checked(name, NAME)}`;
      await writeDurably(`${beside}.new`, bytes);
      await rename(`${beside}.new`, beside);
    });
  }

  override peek(id: string, bytes: number): Promise<Buffer> {
    return failing(async () => {
      const file = await open(this.uploadFile(id), 'r');
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
  }

  override open(id: string, beside: string | null, range: ByteRange | null): Promise<Readable> {
    return failing(async () => {
      const name = beside === null ? '' : `.${checked(beside, NAME)}`;
      const file = await open(this.blobFile(id) + name, 'r');
      return file.createReadStream(range === null ? {} : { start: range.start, end: range.end });
    });
  }

  override link(): Promise<null> {
    return Promise.resolve(null);
  }

  override remove(ids: readonly string[]): Promise<void> {
    return failing(async () => {
      for (const id of ids) await this.removeOne(id);
    });
  }

  private async removeOne(id: string): Promise<void> {
    const upload = this.uploadFile(id);
    for (const file of [upload, `${upload}.new`]) await rm(file, { force: true });
    const shard = this.shardOf(id);
    for (const name of await namesIn(shard)) {
      if (name === id || name.startsWith(`${id}.`)) await rm(join(shard, name), { force: true });
    }
  }

  /** Where a sealed blob goes; its folder is there then. */
  private async placeFor(id: string): Promise<string> {
    const shard = this.shardOf(id);
    if ((await mkdir(shard, { recursive: true, mode: FOLDER_MODE })) !== undefined) {
      await syncFolder(this.blobs);
    }
    return this.blobFile(id);
  }

  private uploadFile(id: string): string {
    return join(this.uploads, checked(id, ID));
  }

  private blobFile(id: string): string {
    return join(this.shardOf(id), checked(id, ID));
  }

  /** By its bits, since there are file systems to which `a` and `A` are the same. */
  private shardOf(id: string): string {
    const shard = Buffer.from(checked(id, ID), 'base64url').toString('hex').slice(0, SHARD_LENGTH);
    return join(this.blobs, shard);
  }
}

function checked(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new Error('not a name of a blob');
  return text;
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Creates the file where it is missing, and leaves what it holds. */
async function openForWriting(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return open(file, 'w', FILE_MODE);
  }
}

/** Read piece by piece: a hash over all of it at once would keep the event loop from others. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
