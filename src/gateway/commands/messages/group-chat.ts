import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsOptional, IsString, Length } from 'class-validator';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import {
  RichMessageService,
  type WantedExtras,
} from '../../../chat/messages/changing/rich-message.service.js';
import { visibleOf } from '../../../chat/messages/changing/visible-conversation.js';
import { ChatService, type ConversationRef } from '../../../chat/messages/chat.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Memberships } from '../../catch-up/memberships.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ExtraFields, extrasOf } from './extra-fields.js';
import { speakerOf } from './speaker.js';

export class GroupChatDto extends ExtraFields {
  /** The chat service checks length and content. */
  @IsString()
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
    private readonly rich: RichMessageService,
    private readonly finder: ConversationFinder,
    private readonly memberships: Memberships,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.GroupChat)
  @Cost('message')
  handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: GroupChatDto,
  ): void | Promise<void> {
    const name = this.finder.nameOfRoom(frame.room);
    const extras = extrasOf(frame);
    if (extras !== null) return this.sayRich(connection, name, frame, extras);
    const own = this.finder.ownRoom(connection.person, name);
    if (own === null) return this.sayElsewhere(connection, name, frame);
    this.say(connection, own, frame);
  }

  /** In a room by a former name, say, or another spelling. */
  private async sayElsewhere(
    connection: Connection,
    name: string,
    frame: GroupChatDto,
  ): Promise<void> {
    const { person } = connection;
    const found = await this.finder.room(person, name);
    await this.memberships.catchUpOn(person.id, found.conversation);
    this.say(connection, found, frame);
  }

  private async sayRich(
    connection: Connection,
    name: string,
    frame: GroupChatDto,
    extras: WantedExtras,
  ): Promise<void> {
    const { data, ref = null } = frame;
    const { person, id: origin } = connection;
    const where = visibleOf(await this.finder.room(person, name));
    const written = this.rich.say({ person, in: where, ref, origin }, data, extras);
    await this.acknowledgement.after(connection, { room: where.name }, ref, written);
  }

  private say(connection: Connection, address: ConversationRef, frame: GroupChatDto): void {
    const { data, ref = null } = frame;
    const receipt = this.chat.say(speakerOf(connection), address, data, ref);
    this.acknowledgement.follow(connection, { room: address.name }, ref, receipt);
  }
}
