import type { Readable } from 'node:stream';
import { Logger, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';

const STALL_MS = 30_000;

const logger = new Logger('Download');

export interface Download {
  readonly stream: Readable;
  readonly contentType: string;
  readonly fileName: string;
}

/**
 * Sends a download as fast as it is taken, and closes it when its reader goes away or takes nothing
 * for `stallMs`. Where it breaks off, so does the connection: it never looks complete.
 */
export function sendDownload(
  response: Response,
  download: Download,
  stallMs = STALL_MS,
): StreamableFile {
  response.setTimeout(stallMs, () => {
    response.destroy();
  });
  const file = new StreamableFile(download.stream, {
    type: download.contentType,
    disposition: contentDisposition(download.fileName),
  });
  return file.setErrorLogger((error) => {
    logger.warn({ event: 'download-broke-off', error });
  });
}

/**
 * RFC 6266: a name in plain ASCII for who knows nothing better, and the whole name for all others.
 * Only letters, digits and `.-_@` stay as they are, so nothing can end the header or leave the
 * folder.
 */
export function contentDisposition(fileName: string): string {
  const safe = fileName.replaceAll(/[^\p{L}\p{N}.@_-]/gu, '_').replace(/^\.+/, '_');
  const plain = safe.replaceAll(/[^\w.@-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(safe)}`;
}
