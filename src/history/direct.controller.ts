import { Controller, Get, Param, Query, Res, type StreamableFile, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/access.guard.js';
import { CurrentIdentity } from '../auth/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { PageRequest } from '../chat/message-store.js';
import { sendDownload } from './export/download.js';
import type { ExportFormat } from './export/export-writer.js';
import { HistoryRateGuard } from './history-rate.guard.js';
import { HistoryService, type DirectList, type MessagePage } from './history.service.js';
import { DirectsQuery, type DirectsRequest, FormatQuery, PageQuery } from './query.js';

/** The reader's private conversations, and what was said in each. */
@Controller('direct')
@UseGuards(AccessGuard, HistoryRateGuard)
export class DirectController {
  constructor(private readonly history: HistoryService) {}

  @Get()
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(DirectsQuery) request: DirectsRequest,
  ): Promise<DirectList> {
    return this.history.directs(user, request);
  }

  @Get(':username/messages')
  async messages(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Query(PageQuery) request: PageRequest,
  ): Promise<MessagePage> {
    return this.history.directPage(user, username, request);
  }

  @Get(':username/export')
  async export(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Query(FormatQuery) format: ExportFormat,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return sendDownload(response, await this.history.directExport(user, username, format));
  }
}
