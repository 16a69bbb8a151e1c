import { Module } from '@nestjs/common';
import { PresenceService } from './presence.service.js';
import { TypingService } from './typing.service.js';

/** Who is here, and who is typing. */
@Module({
  providers: [PresenceService, TypingService],
  exports: [PresenceService, TypingService],
})
export class PresenceModule {}
