import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AddressCost } from '../http/address-cost.js';
import { Health, type HealthReport } from './health.js';

interface PublicHealth {
  /** `degraded`: it serves everybody, but not as well as it could. */
  readonly status: HealthReport['status'];
}

/** Tells the public whether the service is up and ready, and nothing more. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @AddressCost(1)
  live(): PublicHealth {
    return { status: 'ok' };
  }

  @Get('ready')
  @AddressCost(1)
  async ready(@Res({ passthrough: true }) response: Response): Promise<PublicHealth> {
    const status = await this.health.status();
    if (status !== 'unavailable') return { status };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
