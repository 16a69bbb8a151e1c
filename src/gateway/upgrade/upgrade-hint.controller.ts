import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AddressCost } from '../../http/address-cost.js';
import { Refusal } from '../../kernel/refusal.js';

/** Whoever asks for the socket's path without asking for a socket is told what is missing. */
@Controller('chat')
export class UpgradeHintController {
  /** @throws Refusal `upgrade-required` */
  @Get()
  @AddressCost(1)
  hint(@Res() response: Response): never {
    response.setHeader('Upgrade', 'websocket');
    response.setHeader('Sec-WebSocket-Version', '13');
    throw new Refusal('upgrade-required');
  }
}
