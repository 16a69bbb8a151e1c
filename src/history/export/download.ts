import type { Readable } from 'node:stream';
import { Logger, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { Scheduler } from '../../kernel/scheduler.js';

const WINDOW_MS = 30_000;

const logger = new Logger('Download');

export interface Download {
  readonly stream: Readable;
  readonly contentType: string;
  readonly fileName: string;
  /** Bytes per second that the reader has to take; 0: any rate. */
  readonly minSpeed: number;
}

/**
 * Sends a download with backpressure, and closes it when its reader goes away, or takes nothing or
 * too little over a whole window. Breaking off breaks the connection, so that a partial download
 * never looks complete.
 */
export function sendDownload(
  response: Response,
  download: Download,
  scheduler: Scheduler,
  windowMs = WINDOW_MS,
): StreamableFile {
  response.setTimeout(windowMs, () => {
    response.destroy();
  });
  const least = (download.minSpeed * windowMs) / 1_000;
  if (least > 0) watchSpeed(response, scheduler, least, windowMs);
  const file = new StreamableFile(download.stream, {
    type: download.contentType,
    disposition: contentDisposition(download.fileName),
  });
  return file.setErrorLogger((error) => {
    logger.warn({ event: 'download-broke-off', error });
  });
}

/** @param least bytes that the reader has to take in each window, unless it waits for us */
function watchSpeed(
  response: Response,
  scheduler: Scheduler,
  least: number,
  windowMs: number,
): void {
  let before = takenBy(response);
  const timer = scheduler.every(windowMs, () => {
    const taken = takenBy(response);
    if (taken - before < least && response.writableNeedDrain) {
      logger.warn({ event: 'download-too-slow', bytes: taken - before });
      response.destroy();
    }
    before = taken;
  });
  response.once('close', () => {
    scheduler.cancel(timer);
  });
}

/** How many of the bytes written to the connection the kernel has taken. */
function takenBy({ socket }: Response): number {
  return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
}

/**
 * RFC 6266: a plain ASCII name as the fallback, and the whole name for everybody else. Only
 * letters, digits and `.-_@` are kept, so nothing can end the header or leave the folder.
 */
export function contentDisposition(fileName: string): string {
  const safe = fileName.replaceAll(/[^\p{L}\p{N}.@_-]/gu, '_').replace(/^\.+/, '_');
  const plain = safe.replaceAll(/[^\w.@-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(safe)}`;
}
