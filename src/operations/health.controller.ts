import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

interface Health {
  readonly status: 'ok' | 'unavailable';
}

/** Tells the public whether the service is there and ready, and nothing else of it. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly store: StoreProbe,
  ) {}

  @Get('live')
  live(): Health {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    if (this.readiness.ready && (await this.store.answers())) return { status: 'ok' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
