import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AddressCost } from '../http/address-cost.js';
import { Refusal } from '../kernel/refusal.js';
import { sendFile, servedFolder } from './send-file.js';

const FOLDER = servedFolder(
  join(dirname(createRequire(import.meta.url).resolve('socket.io/package.json')), 'client-dist'),
  'socket.io',
);
const FILES: ReadonlySet<string> = new Set([
  'socket.io.js',
  'socket.io.min.js',
  'socket.io.esm.min.js',
]);

/** Socket.IO's client, at the address where existing pages load it. */
@Controller('socket.io')
export class SocketIoClientController {
  /** @throws Refusal `not-found` */
  @Get(':file')
  @AddressCost(1)
  async file(@Param('file') file: string, @Res() response: Response): Promise<void> {
    if (!FILES.has(file)) throw new Refusal('not-found');
    // Pages of the allowed origins load it, too; it is the same for everybody.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    await sendFile(response, FOLDER, file, 'no-cache');
  }
}
