import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsOptional, IsString, Length, MinLength } from 'class-validator';
import { LOBBY } from '../../../chat/conversations/lobby.js';
import { ChatService } from '../../../chat/messages/chat.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { speakerOf } from './speaker.js';

export class GroupChatDto {
  /** The chat service checks length and content. */
  @IsString()
  @MinLength(1)
  readonly data!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  @IsRef()
  readonly ref?: string;
}

/** Sends a message to a room. */
@CommandGateway()
export class GroupChatCommand {
  constructor(
    private readonly chat: ChatService,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.GroupChat)
  @Cost('message')
  handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, room = LOBBY, ref }: GroupChatDto,
  ): void {
    const address = this.chat.room(room);
    const receipt = this.chat.say(speakerOf(connection), address, data, ref ?? null);
    this.acknowledgement.follow(connection, { room }, ref ?? null, receipt);
  }
}
