import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { Equals, IsOptional, IsString, Length } from 'class-validator';
import { Access } from '../../../chat/conversations/access.js';
import { principalOf } from '../../../chat/conversations/principal.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { ChatService } from '../../../chat/messages/chat.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Refusal } from '../../../kernel/refusal.js';
import { TypingService } from '../../../presence/typing.service.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';

export class TypingDto {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  /** The other person's name. */
  @IsOptional()
  @IsString()
  @Length(1, 128)
  readonly to?: string;

  /** No longer. */
  @IsOptional()
  @Equals(false)
  readonly data?: false;

  @IsRef()
  readonly ref?: string;
}

/** Says that somebody is typing in a conversation, or has stopped. */
@CommandGateway()
export class TypingCommand {
  constructor(
    private readonly chat: ChatService,
    private readonly finder: ConversationFinder,
    private readonly access: Access,
    private readonly typing: TypingService,
  ) {}

  @SubscribeMessage(FrameType.Typing)
  @Cost(1)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { room, to, data, ref }: TypingDto,
  ): Promise<void> {
    const { person } = connection;
    if (room !== undefined && to !== undefined) throw new Refusal('invalid-field', { field: 'to' });
    const { conversation } =
      to === undefined
        ? await this.finder.room(person, this.finder.nameOfRoom(room))
        : await this.chat.direct(person, to);
    const field = to === undefined ? 'room' : 'to';
    await this.access.require(principalOf(person), conversation, 'send', field);
    if (data === false) this.typing.end(person, conversation);
    else this.typing.begin(person, conversation);
    connection.carriedOut(FrameType.Typing, ref ?? null);
  }
}
