import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Health } from './health.js';

interface PublicHealth {
  readonly status: 'ok' | 'unavailable';
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
    if (await this.health.isReady()) return { status: 'ok' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
