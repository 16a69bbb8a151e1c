import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AddressCost } from '../../http/address-cost.js';
import { pathOf } from '../../http/connections/upgrade-offers.js';
import { Refusal } from '../../kernel/refusal.js';

/** Tells plain requests to the socket's path what is missing. */
@Controller('chat')
export class UpgradeHintController {
  /** @throws Refusal `upgrade-required`, or `not-found` at another spelling of the path */
  @Get()
  @AddressCost(1)
  hint(@Req() request: Request, @Res() response: Response): never {
    // Express also matches `/CHAT/`, where no socket can be opened.
    if (pathOf(request) !== '/chat') throw new Refusal('not-found');
    response.setHeader('Upgrade', 'websocket');
    response.setHeader('Sec-WebSocket-Version', '13');
    throw new Refusal('upgrade-required');
  }
}
