import { Module } from '@nestjs/common';
import { PresenceService } from './presence.service.js';

/** Who is here. */
@Module({ providers: [PresenceService], exports: [PresenceService] })
export class PresenceModule {}
