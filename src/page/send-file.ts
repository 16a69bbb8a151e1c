import type { Response } from 'express';
import { Refusal } from '../kernel/refusal.js';

/**
 * Sends a file of a folder, with an ETag.
 * @param caching the value of Cache-Control where the file is there
 * @throws Refusal `not-found`, also for a name that leads out of the folder or to a hidden file
 */
export async function sendFile(
  response: Response,
  folder: string,
  name: string,
  caching: string,
): Promise<void> {
  const options = {
    root: folder,
    dotfiles: 'ignore',
    cacheControl: false,
    headers: { 'Cache-Control': caching },
  } as const;
  await new Promise<void>((resolve, reject) => {
    response.sendFile(name, options, (error) => {
      // Once the headers are out, the only fault left is a reader who went away.
      if (!(error instanceof Error) || response.headersSent) resolve();
      else reject(new Refusal('not-found'));
    });
  });
}
