import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Request, Response } from 'express';
import { Refusal } from '../kernel/refusal.js';

/** Files that are served, and the same compressed, as the build wrote them (scripts/compress.mjs). */
export interface ServedFolder {
  readonly files: string;
  readonly compressed: string;
}

/** The folder is the same seen from the sources and from the build. */
const COMPRESSED = join(import.meta.dirname, '..', '..', 'dist', 'compressed');
const ENDINGS = { br: '.br', gzip: '.gz' } as const;
/** A name in a folder, and not a way out of it. */
const PLAIN_NAME = /^[^./\\][^/\\]*$/;

/** @param name as scripts/compress.mjs has it */
export function servedFolder(files: string, name: string): ServedFolder {
  return { files, compressed: join(COMPRESSED, name) };
}

/**
 * Sends a file of a folder, with an ETag: compressed where the client takes that and the build made it.
 * What is sent here is the same for everybody and holds nothing of a request, so its length tells
 * nothing (docs/decisions/0034).
 *
 * @param caching the value of Cache-Control where the file is there
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
  // Whoever wants a part of a file means the file.
  if (request.headers.range !== undefined) return null;
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding !== 'br' && encoding !== 'gzip') return null;
  const [file, copy] = await Promise.all([
    look(files, name),
    look(compressed, name + ENDINGS[encoding]),
  ]);
  // A file that was changed since the build is sent as it is.
  return file !== null && copy !== null && copy.mtimeMs >= file.mtimeMs ? encoding : null;
}

/** @returns null where nothing can be sent: then Express finds out, and says what is wrong */
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
    // Express makes none of its own where the application's are switched off.
    headers: { 'Cache-Control': caching, ...(file === null ? {} : { ETag: entityTag(file) }) },
  } as const;
  await new Promise<void>((resolve, reject) => {
    response.sendFile(name, options, (error) => {
      // Once the headers are out, the only fault left is a reader who went away.
      if (!(error instanceof Error) || response.headersSent) resolve();
      else reject(new Refusal('not-found'));
    });
  });
}

function entityTag({ size, mtimeMs }: Stats): string {
  return `W/"${size.toString(16)}-${Math.trunc(mtimeMs).toString(16)}"`;
}
