import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Request, Response } from 'express';
import { Refusal } from '../kernel/refusal.js';

/** Served files, and their compressed copies as built (scripts/compress.mjs). */
export interface ServedFolder {
  readonly files: string;
  readonly compressed: string;
}

/** The relative path is the same from the sources and from the build. */
const COMPRESSED = join(import.meta.dirname, '..', '..', 'dist', 'compressed');
const ENDINGS = { br: '.br', gzip: '.gz' } as const;
/** A name inside a folder: no path traversal. */
const PLAIN_NAME = /^[^./\\][^/\\]*$/;

/** @param name as in scripts/compress.mjs */
export function servedFolder(files: string, name: string): ServedFolder {
  return { files, compressed: join(COMPRESSED, name) };
}

/**
 * Sends a file of a folder, with an ETag: compressed where the client accepts it and the build made
 * it. The content is the same for everybody and holds nothing of a request, so its length reveals
 * nothing (docs/decisions/0034).
 *
 * @param caching the value of Cache-Control if the file exists
 * @throws Refusal `not-found`, also for a name that leads out of the folder or to a hidden file
 */
export async function sendFile(
  response: Response,
  folder: ServedFolder,
  name: string,
  caching: string,
): Promise<void> {
  response.vary('Accept-Encoding');
  const encoding = await encodingFor(response.req, folder, name);
  if (encoding === null) {
    await send(response, folder.files, name, caching);
    return;
  }
  response.type(extname(name)).setHeader('Content-Encoding', encoding);
  await send(response, folder.compressed, name + ENDINGS[encoding], caching);
}

async function encodingFor(
  request: Request,
  { files, compressed }: ServedFolder,
  name: string,
): Promise<keyof typeof ENDINGS | null> {
  // Ranges count in bytes of the uncompressed file.
  if (request.headers.range !== undefined) return null;
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding !== 'br' && encoding !== 'gzip') return null;
  const [file, copy] = await Promise.all([
    look(files, name),
    look(compressed, name + ENDINGS[encoding]),
  ]);
  // A file changed since the build is sent uncompressed.
  return file !== null && copy !== null && copy.mtimeMs >= file.mtimeMs ? encoding : null;
}

/** @returns null where nothing can be sent: Express then finds out why, and reports it */
async function look(folder: string, name: string): Promise<Stats | null> {
  if (!PLAIN_NAME.test(name)) return null;
  try {
    return await stat(join(folder, name));
  } catch {
    return null;
  }
}

async function send(
  response: Response,
  root: string,
  name: string,
  caching: string,
): Promise<void> {
  const file = await look(root, name);
  const options = {
    root,
    dotfiles: 'ignore',
    cacheControl: false,
    // With the application's ETags off, Express adds none of its own.
    headers: { 'Cache-Control': caching, ...(file === null ? {} : { ETag: entityTag(file) }) },
  } as const;
  await new Promise<void>((resolve, reject) => {
    response.sendFile(name, options, (error) => {
      // Once the headers are out, the only failure left is that the reader went away.
      if (!(error instanceof Error) || response.headersSent) resolve();
      else reject(new Refusal('not-found'));
    });
  });
}

function entityTag({ size, mtimeMs }: Stats): string {
  return `W/"${size.toString(16)}-${Math.trunc(mtimeMs).toString(16)}"`;
}
