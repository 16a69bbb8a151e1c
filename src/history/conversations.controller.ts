import { Body, Controller, Get, Put, Query, UseGuards, UsePipes } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { type ConversationList, ConversationPages } from './conversation-pages.js';
import { OverviewsQuery, type OverviewsRequest } from './query.js';
import { ReadsBody } from './read-bodies.js';
import { ReadPages, type ReadsAnswer } from './read-pages.js';

/** All conversations of the reader, and how far each was read. */
@Controller('conversations')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationPages,
    private readonly reads: ReadPages,
  ) {}

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(OverviewsQuery) request: OverviewsRequest,
  ): Promise<ConversationList> {
    return this.conversations.page(user, request);
  }

  @Put('read')
  @Cost(2)
  async read(
    @CurrentIdentity() { user }: Identity,
    @Body() { data }: ReadsBody,
  ): Promise<ReadsAnswer> {
    return this.reads.readMany(user, data);
  }
}
