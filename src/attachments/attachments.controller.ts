import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { AnnouncementBody } from './announcement-body.js';
import type { Upload } from './blob-store.js';
import { AttachmentSweep } from './attachment-sweep.js';
import { DownloadsService } from './downloads.service.js';
import { UploadsService } from './uploads.service.js';

/** Files of messages. */
@Controller('attachments')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class AttachmentsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly downloads: DownloadsService,
    private readonly sweep: AttachmentSweep,
  ) {}

  @Post()
  @Cost(10)
  async announce(
    @CurrentIdentity() { user }: Identity,
    @Body() { name, size, type, sha256 = null }: AnnouncementBody,
  ): Promise<{ readonly id: string; readonly upload: Upload }> {
    return this.uploads.announce(user, { name, size, type: type.toLowerCase(), sha256 });
  }

  @Get(':id')
  @Cost(5)
  async content(
    @CurrentIdentity() { user }: Identity,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.downloads.sendFile(user, id, request, response);
  }

  @Get(':id/thumbnail')
  @Cost(5)
  async thumbnail(
    @CurrentIdentity() { user }: Identity,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.downloads.sendThumbnail(user, id, request, response);
  }

  /** Gives up one's own that no message has. */
  @Delete(':id')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async discard(@CurrentIdentity() { user }: Identity, @Param('id') id: string): Promise<void> {
    await this.uploads.discard(user, id);
    this.sweep.start();
  }
}
