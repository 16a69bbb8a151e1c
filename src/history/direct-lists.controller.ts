import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { PageRequest } from '../chat/log/event-log.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import { Cost } from '../kernel/limits/cost.js';
import type { Person } from '../kernel/person.js';
import { type ChangesPage, MessageLists, type PinList, type ThreadPage } from './message-lists.js';
import { ChangesQuery, type ChangesRequest, PageQuery, SeqParameter } from './query.js';
import { type ReadableLog, readableDirect } from './readable-log.js';

/** The same of a private conversation. */
@Controller('direct/:username')
@UseGuards(AccessGuard)
export class DirectListsController {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly lists: MessageLists,
  ) {}

  @Get('pins')
  @Cost('page')
  async pins(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
  ): Promise<PinList> {
    return this.lists.pins(user, await this.find(user, username));
  }

  @Get('changes')
  @Cost('page')
  async changes(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Query(ChangesQuery) request: ChangesRequest,
  ): Promise<ChangesPage> {
    return this.lists.changes(user, await this.find(user, username), request);
  }

  @Get('messages/:seq/thread')
  @Cost('page')
  async thread(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', SeqParameter) seq: number,
    @Query(PageQuery) request: PageRequest,
  ): Promise<ThreadPage> {
    return this.lists.thread(user, await this.find(user, username), seq, request);
  }

  private async find(reader: Person, username: string): Promise<ReadableLog> {
    return readableDirect(await this.finder.direct(reader, username, 'username'));
  }
}
