import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { Cost } from '../kernel/limits/cost.js';
import { ListQuery, type ListRequest } from './query.js';
import { type ThreadList, ThreadPages } from './thread-pages.js';

/** The threads that the reader follows. */
@Controller('threads')
@UseGuards(AccessGuard)
export class ThreadsController {
  constructor(private readonly threads: ThreadPages) {}

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(ListQuery) request: ListRequest,
  ): Promise<ThreadList> {
    return this.threads.list(user, request);
  }
}
