import { Controller, Get, Param, Query, Res, type StreamableFile, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { PageRequest } from '../chat/log/event-log.js';
import { Cost } from '../kernel/limits/cost.js';
import { Scheduler } from '../kernel/scheduler.js';
import { sendDownload } from './export/download.js';
import type { ExportFormat } from './export/export-writer.js';
import { HistoryService, type MessagePage } from './history.service.js';
import { FormatQuery, PageQuery } from './query.js';

/** What was said in a room. */
@Controller('rooms/:room')
@UseGuards(AccessGuard)
export class RoomsController {
  constructor(
    private readonly history: HistoryService,
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
