import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/**
 * Writes what comes from a source, one piece at a time: while the disk is slow the source waits. A source that
 * breaks off is no failure: what came is kept.
 * @param most where writing ends, whatever else comes
 * @returns where it ended
 */
export async function writeAt(
  file: FileHandle,
  offset: number,
  source: Readable,
  most: number,
): Promise<number> {
  let end = offset;
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  while (end < most) {
    const piece = await nextOf(pieces);
    if (piece === null) break;
    const wanted = piece.subarray(0, most - end);
    await writeAll(file, wanted, end);
    end += wanted.length;
  }
  return end;
}

/** @returns null where nothing more comes */
async function nextOf(pieces: AsyncIterator<Buffer>): Promise<Buffer | null> {
  try {
    const piece = await pieces.next();
    return piece.done === true ? null : piece.value;
  } catch {
    return null;
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, at + written);
    written += bytesWritten;
  }
}
