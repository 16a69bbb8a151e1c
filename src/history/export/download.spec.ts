import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { HandClock, settled } from '../../../test/support/hand-clock.js';
import { contentDisposition, sendDownload } from './download.js';

/** More than any two sockets buffer. */
function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(65_536);
}

/** More than lies in the buffers between both ends, some of which is written meanwhile. */
const BEYOND_BUFFERS = 16 * 1024 * 1024;

/** Sends an endless download to a reader. @returns both ends, and a way to let windows pass */
async function send(
  minSpeed: number,
  windowMs: number,
): Promise<{ stream: Readable; body: IncomingMessage; clock: HandClock }> {
  const clock = new HandClock();
  const stream = Readable.from(endless(), { objectMode: false });
  const server = createServer((_request, response: ServerResponse) => {
    const download = { stream, contentType: 'text/plain', fileName: 'x', minSpeed };
    const file = sendDownload(response as Response, download, clock, windowMs);
    response.once('close', () => stream.destroy());
    file.getStream().pipe(response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reader = get({ host: '127.0.0.1', port, agent: false });
  reader.on('error', () => undefined);
  const [body] = (await once(reader, 'response')) as [IncomingMessage];
  body.on('error', () => undefined);
  return { stream, body, clock };
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('sendDownload', () => {
  it('cuts off a reader who takes nothing any more', async () => {
    const { stream } = await send(0, 50);
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });

  it('cuts off a reader who takes too little, and never stalls', async () => {
    // More than any link carries: even a reader without a pause is too slow.
    const { stream, body, clock } = await send(1e12, 1_000);
    body.on('data', () => {
      clock.advance(1_000);
    });
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });

  it('judges each window by itself: who was fast must not stop', async () => {
    const { stream, body, clock } = await send(1, 60_000);
    await once(body, 'data');
    body.pause();
    // The buffers between the two ends fill first.
    for (let turns = 0; turns < 20_000 && !stream.destroyed; turns++) {
      clock.advance(60_000);
      await settled();
    }
    expect(stream.destroyed).toBe(true);
  });

  it('lets a reader who is fast enough read on, window after window', async () => {
    const { stream, body, clock } = await send(1, 1_000);
    for (let windows = 0; windows < 3; windows++) {
      for (let taken = 0; taken < BEYOND_BUFFERS;) {
        const [chunk] = (await once(body, 'data')) as [Buffer];
        taken += chunk.length;
      }
      clock.advance(1_000);
    }
    expect(stream.destroyed).toBe(false);
    body.destroy();
  });
});

describe('contentDisposition', () => {
  it('names the file in ASCII and, for who can read it, in full', () => {
    expect(contentDisposition('parley-@李雷-2026-11-20.csv')).toBe(
      `attachment; filename="parley-@__-2026-11-20.csv"; ` +
        `filename*=UTF-8''parley-%40%E6%9D%8E%E9%9B%B7-2026-11-20.csv`,
    );
  });

  it.each([
    'a"; x="b',
    'a\r\nSet-Cookie: x=1',
    '../../etc/passwd',
    'a\\b',
    "a'b",
    'a\ud800b',
    '\u202eb',
  ])('lets nothing end the header or leave the folder: %j', (name) => {
    expect(contentDisposition(name)).toMatch(
      /^attachment; filename="[\w.@-]+"; filename\*=UTF-8''(?:[\w.-]|%[\dA-F]{2})+$/,
    );
    expect(contentDisposition(name)).not.toMatch(/[="']\.\./);
  });
});
