import {
  Body,
  Controller,
  Get,
  Param,
  Put,
  Query,
  Res,
  type StreamableFile,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { PageRequest } from '../chat/log/event-log.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { Scheduler } from '../kernel/scheduler.js';
import { sendDownload } from './export/download.js';
import type { ExportFormat } from './export/export-writer.js';
import { HistoryService, type MessagePage } from './history.service.js';
import { FormatQuery, ListQuery, type ListRequest, PageQuery, SeqParameter } from './query.js';
import type { MessageItem } from './message-item.js';
import { ReadBody } from './read-bodies.js';
import { type ReadAnswer, type ReaderPage, ReadPages } from './read-pages.js';

/** What was said in a room. */
@Controller('rooms/:room')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class RoomsController {
  constructor(
    private readonly history: HistoryService,
    private readonly reads: ReadPages,
    private readonly scheduler: Scheduler,
  ) {}

  @Get('messages')
  @Cost('page')
  async messages(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Query(PageQuery) request: PageRequest,
  ): Promise<MessagePage> {
    return this.history.roomPage(user, room, request);
  }

  @Get('messages/:seq')
  @Cost('page')
  async message(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', SeqParameter) seq: number,
  ): Promise<MessageItem> {
    return this.history.roomMessage(user, room, seq);
  }

  @Put('read')
  @Cost(2)
  async read(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Body() body: ReadBody,
  ): Promise<ReadAnswer> {
    return this.reads.readRoom(user, room, body);
  }

  @Get('messages/:seq/readers')
  @Cost('page')
  async readers(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', SeqParameter) seq: number,
    @Query(ListQuery) request: ListRequest,
  ): Promise<ReaderPage> {
    return this.reads.readers(user, room, seq, request);
  }

  @Get('export')
  @Cost('page')
  async export(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Query(FormatQuery) format: ExportFormat,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const download = await this.history.roomExport(user, room, format);
    return sendDownload(response, download, this.scheduler);
  }
}
