import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { Cost } from '../kernel/limits/cost.js';
import { PresencePages } from './presence-pages.js';
import { ListQuery, type ListRequest } from './query.js';

/** Who is here, however many they are. */
@Controller('presence')
@UseGuards(AccessGuard)
export class PresenceController {
  constructor(private readonly pages: PresencePages) {}

  @Get()
  @Cost(3)
  @Header('Content-Type', 'application/json; charset=utf-8')
  list(@Query(ListQuery) request: ListRequest): Promise<string> {
    return this.pages.page(request);
  }
}
