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
import { HistoryService, type DirectList, type MessagePage } from './history.service.js';
import {
  DirectsQuery,
  type DirectsRequest,
  FormatQuery,
  PageQuery,
  SeqParameter,
} from './query.js';
import type { MessageItem } from './message-item.js';
import { ReadBody } from './read-bodies.js';
import { type ReadAnswer, ReadPages } from './read-pages.js';

/** The reader's private conversations, and what was said in each. */
@Controller('direct')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class DirectController {
  constructor(
    private readonly history: HistoryService,
    private readonly reads: ReadPages,
    private readonly scheduler: Scheduler,
  ) {}

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(DirectsQuery) request: DirectsRequest,
  ): Promise<DirectList> {
    return this.history.directs(user, request);
  }

  @Get(':username/messages')
  @Cost('page')
  async messages(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Query(PageQuery) request: PageRequest,
  ): Promise<MessagePage> {
    return this.history.directPage(user, username, request);
  }

  @Get(':username/messages/:seq')
  @Cost('page')
  async message(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', SeqParameter) seq: number,
  ): Promise<MessageItem> {
    return this.history.directMessage(user, username, seq);
  }

  @Put(':username/read')
  @Cost(2)
  async read(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Body() body: ReadBody,
  ): Promise<ReadAnswer> {
    return this.reads.readDirect(user, username, body);
  }

  @Get(':username/export')
  @Cost('page')
  async export(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Query(FormatQuery) format: ExportFormat,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const download = await this.history.directExport(user, username, format);
    return sendDownload(response, download, this.scheduler);
  }
}
