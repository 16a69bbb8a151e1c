import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { AttachmentMeters } from './attachment-meters.js';
import { AttachmentReader } from './attachment-reader.js';
import { AttachmentSweep } from './attachment-sweep.js';
import { AttachmentsController } from './attachments.controller.js';
import { DownloadsService } from './downloads.service.js';
import { SettlementModule } from './settlement.module.js';
import { TransferPace } from './transfer-pace.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsService } from './uploads.service.js';

/** Files of messages: they come in, are handed out to those who may see them, and go. */
@Module({
  imports: [SettlementModule, AuthModule, ChatModule, HttpModule],
  controllers: [AttachmentsController, UploadsController],
  providers: [
    UploadsService,
    DownloadsService,
    TransferPace,
    AttachmentReader,
    AttachmentSweep,
    AttachmentMeters,
  ],
})
export class AttachmentsModule {}
