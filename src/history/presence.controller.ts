import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/access.guard.js';
import { PresenceStore, type PresencePage } from '../presence/presence-store.js';
import { ListQuery, type ListRequest } from './query.js';

/** Who is here, exactly, however many they are. */
@Controller('presence')
@UseGuards(AccessGuard)
export class PresenceController {
  constructor(private readonly presence: PresenceStore) {}

  @Get()
  async list(@Query(ListQuery) request: ListRequest): Promise<PresencePage> {
    return this.presence.page(request.limit, request.after);
  }
}
