import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Health, type HealthReport } from './health.js';

interface PublicHealth {
  /** `degraded`: it serves everybody, but not as well as it might. */
  readonly status: HealthReport['status'];
}

/** Tells the public whether the service is there and ready, and nothing else of it. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  live(): PublicHealth {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<PublicHealth> {
    const status = await this.health.status();
    if (status !== 'unavailable') return { status };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
