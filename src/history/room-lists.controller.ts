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
import { type ReadableLog, readableRoom } from './readable-log.js';

/** What was pinned in a room, said in its threads, or changed. */
@Controller('rooms/:room')
@UseGuards(AccessGuard)
export class RoomListsController {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly lists: MessageLists,
  ) {}

  @Get('pins')
  @Cost('page')
  async pins(@CurrentIdentity() { user }: Identity, @Param('room') room: string): Promise<PinList> {
    return this.lists.pins(user, await this.find(user, room));
  }

  @Get('changes')
  @Cost('page')
  async changes(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Query(ChangesQuery) request: ChangesRequest,
  ): Promise<ChangesPage> {
    return this.lists.changes(user, await this.find(user, room), request);
  }

  @Get('messages/:seq/thread')
  @Cost('page')
  async thread(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', SeqParameter) seq: number,
    @Query(PageQuery) request: PageRequest,
  ): Promise<ThreadPage> {
    return this.lists.thread(user, await this.find(user, room), seq, request);
  }

  private async find(reader: Person, room: string): Promise<ReadableLog> {
    return readableRoom(await this.finder.roomToRead(reader, room, null));
  }
}
