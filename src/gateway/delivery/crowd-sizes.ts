import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ReactionService } from '../../chat/messages/changing/reaction.service.js';
import { RoomChannels } from './room-channels.js';

/** Tells those who gather what a crowd does how many connections of this node are in a room. */
@Injectable()
export class CrowdSizes implements OnModuleInit {
  constructor(
    private readonly channels: RoomChannels,
    private readonly reactions: ReactionService,
  ) {}

  onModuleInit(): void {
    this.reactions.measureBy((conversation) => this.channels.sizeOf(conversation));
  }
}
