import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ByteRange } from './blob-store.js';
import { byteRangeOf } from './byte-range.js';
import { CONTENT_HEADERS, type Disposition } from './disposition.js';

/** Whoever has it asks again each time, since tomorrow the person may not see it any more. */
const CACHE = 'private, no-cache';

const logger = new Logger('Attachments');

/** Bytes that never change under their tag. */
export interface SentContent extends Disposition {
  readonly etag: string;
  readonly size: number;
  readonly open: (range: ByteRange | null) => Promise<Readable>;
}

/** Where the bytes are to be had for a moment, instead of here. */
export function redirect(response: Response, url: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.redirect(302, url);
}

/**
 * Answers with all of it, the part that is asked for, or that it has not changed. A slow reader is waited for;
 * one who takes too little is cut off by the server's watch. Breaking off breaks the connection, so that a
 * part never looks like the whole.
 */
export async function sendContent(
  request: Request,
  response: Response,
  content: SentContent,
): Promise<void> {
  if (request.headers['if-none-match'] === content.etag) {
    describe(response, content);
    response.status(304).end();
    return;
  }
  const range = rangeOf(request, content);
  if (range === 'unsatisfiable') {
    describe(response, content);
    response
      .status(416)
      .setHeader('Content-Range', `bytes */${String(content.size)}`)
      .end();
    return;
  }
  // Opened before anything is sent, so that a failure can still be told.
  const isHead = request.method === 'HEAD';
  const stream = isHead ? null : await content.open(range === 'all' ? null : range);
  describe(response, content);
  sayLength(response, range, content.size);
  if (stream === null) response.end();
  else await send(stream, response);
}

function describe(response: Response, { etag, type, disposition }: SentContent): void {
  response.setHeaders(new Map(Object.entries(CONTENT_HEADERS)));
  response.setHeader('Cache-Control', CACHE);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', etag);
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', disposition);
}

function rangeOf({ headers }: Request, { etag, size }: SentContent) {
  const ifRange = headers['if-range'];
  return byteRangeOf(ifRange === undefined || ifRange === etag ? headers.range : undefined, size);
}

function sayLength(response: Response, range: ByteRange | 'all', size: number): void {
  if (range === 'all') {
    response.setHeader('Content-Length', size);
    return;
  }
  const { start, end } = range;
  response.status(206);
  response.setHeader('Content-Range', `bytes ${String(start)}-${String(end)}/${String(size)}`);
  response.setHeader('Content-Length', end - start + 1);
}

async function send(stream: Readable, response: Response): Promise<void> {
  try {
    await pipeline(stream, response);
  } catch (error) {
    response.destroy();
    const isReaderGone = (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isReaderGone) logger.warn({ event: 'attachment-broke-off', error });
  }
}
