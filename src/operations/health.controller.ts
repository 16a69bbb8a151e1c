import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MessageBus } from '../chat/message-bus.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

interface Health {
  /** `degraded`: it serves everybody, but other nodes are reached through the store only. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
}

/** Tells the public whether the service is there and ready, and nothing else of it. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly store: StoreProbe,
    private readonly bus: MessageBus,
  ) {}

  @Get('live')
  live(): Health {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    if (this.readiness.ready && (await this.store.answers())) {
      return { status: this.bus.isUp ? 'ok' : 'degraded' };
    }
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
