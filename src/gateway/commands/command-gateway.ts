import { applyDecorators, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { CostGuard } from './cost.guard.js';
import { FramePipe } from './frame.pipe.js';
import { RejectFilter } from './reject.filter.js';
import { TokenGuard } from './token.guard.js';

/**
 * A class with commands of /chat. Its handlers are called once the session's token, the price and
 * the DTO are checked; what they throw, or reject with, is answered with a Reject.
 */
export function CommandGateway(): ClassDecorator {
  return applyDecorators(
    WebSocketGateway({ path: '/chat' }),
    UseFilters(RejectFilter),
    UseGuards(TokenGuard, CostGuard),
    UsePipes(FramePipe),
  );
}
