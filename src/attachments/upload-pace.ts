import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { Scheduler } from '../kernel/scheduler.js';

/** Bytes per second that have to come, averaged over a window. */
const MIN_SPEED = 1_024;
const WINDOW_MS = 30_000;

const logger = new Logger('Attachments');

/** Cuts off an upload that stalls, or is too slow to ever end: what came is kept, to go on from. */
export function watchPace(request: IncomingMessage, scheduler: Scheduler): void {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = scheduler.every(WINDOW_MS, () => {
    const bytes = socket.bytesRead - before;
    before = socket.bytesRead;
    if (request.complete || bytes >= (MIN_SPEED * WINDOW_MS) / 1_000) return;
    logger.log({ event: 'upload-too-slow', bytes });
    request.destroy();
  });
  request.once('close', () => {
    scheduler.cancel(timer);
  });
}

/** Whether a request brings the bytes of a file: however long that takes, it is no slow request. */
export function isUpload({ method, url = '' }: IncomingMessage): boolean {
  return method === 'PUT' && /^\/attachments\/[^/?]+\/content(?:\?|$)/.test(url);
}
