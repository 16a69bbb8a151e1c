import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { Cost } from '../kernel/limits/cost.js';
import { type MentionList, MessageLists } from './message-lists.js';
import { ListQuery, type ListRequest } from './query.js';

/** Where the reader is mentioned. */
@Controller('mentions')
@UseGuards(AccessGuard)
export class MentionsController {
  constructor(private readonly lists: MessageLists) {}

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(ListQuery) request: ListRequest,
  ): Promise<MentionList> {
    return this.lists.mentions(user, request);
  }
}
