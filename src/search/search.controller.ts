import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { Cost } from '../kernel/limits/cost.js';
import { SearchQuery, type SearchRequest } from './search-query.js';
import { type SearchAnswer, SearchService } from './search.service.js';

/** What was said, in all of the reader's conversations. */
@Controller('search')
@UseGuards(AccessGuard)
export class SearchController {
  constructor(private readonly service: SearchService) {}

  @Get()
  @Cost('search')
  async search(
    @CurrentIdentity() { user }: Identity,
    @Query(SearchQuery) request: SearchRequest,
  ): Promise<SearchAnswer> {
    return this.service.search(user, request);
  }
}
