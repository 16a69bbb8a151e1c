import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { contentDisposition, sendDownload } from './download.js';

/** More than any two sockets hold. */
function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(65_536);
}

describe('sendDownload', () => {
  it('cuts off a reader who takes nothing any more', async () => {
    const stream = Readable.from(endless(), { objectMode: false });
    const server = createServer((_request, response: ServerResponse) => {
      const download = { stream, contentType: 'text/plain', fileName: 'x' };
      const file = sendDownload(response as Response, download, 50);
      response.once('close', () => stream.destroy());
      file.getStream().pipe(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reader = get({ host: '127.0.0.1', port, agent: false });
    reader.on('error', () => undefined);
    await once(reader, 'response');
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
    reader.destroy();
    server.close();
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
