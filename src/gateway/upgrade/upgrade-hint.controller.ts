import { Controller, Get } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';

/** Whoever asks for the socket's path without asking for a socket is told what is missing. */
@Controller('chat')
export class UpgradeHintController {
  /** @throws Refusal `upgrade-required` */
  @Get()
  hint(): never {
    throw new Refusal('upgrade-required');
  }
}
