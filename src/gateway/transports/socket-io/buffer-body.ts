import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body and puts it back for a later reader: a request that we keep waiting must
 * not be cut off as too slow. Resolves early where the request is gone.
 * @param length bytes of the body, from its header; bounded by the caller
 */
export async function bufferBody(request: IncomingMessage, length: number): Promise<void> {
  const chunks: Buffer[] = [];
  for (let missing = length; missing > 0 && !request.destroyed;) {
    const chunk = request.read() as Buffer | null;
    if (chunk === null) {
      await readable(request);
    } else {
      chunks.push(chunk);
      missing -= chunk.length;
    }
  }
  if (chunks.length > 0) request.unshift(Buffer.concat(chunks));
}

function readable(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('readable', done);
      request.off('close', done);
      resolve();
    };
    request.on('readable', done);
    request.on('close', done);
  });
}
