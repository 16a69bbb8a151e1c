import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { TokenService } from '../auth/token.service.js';
import { ChatService, type Speaker } from '../chat/chat.service.js';
import { LOBBY } from '../chat/conversation.js';
import { Refusal } from '../kernel/refusal.js';
import { Acknowledgement } from './acknowledgement.js';
import { Connection } from './connection.js';
import { GroupChatDto } from './dto/group-chat.dto.js';
import { GroupListDto } from './dto/group-list.dto.js';
import { RenewDto } from './dto/renew.dto.js';
import { SingleChatDto } from './dto/single-chat.dto.js';
import { SyncDto } from './dto/sync.dto.js';
import { FramePipe } from './frame.pipe.js';
import { FrameType } from './frames.js';
import { Lifecycle } from './lifecycle.js';
import { RateGuard } from './rate.guard.js';
import { RejectFilter } from './reject.filter.js';
import { Resume } from './resume.js';
import { Roster } from './roster.js';
import { TokenGuard } from './token.guard.js';

/** The commands of /chat: one handler each, one call each. */
@WebSocketGateway({ path: '/chat' })
@UseFilters(RejectFilter)
@UseGuards(TokenGuard)
@UsePipes(FramePipe)
export class ChatGateway
  implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection>
{
  constructor(
    private readonly chat: ChatService,
    private readonly acknowledgement: Acknowledgement,
    private readonly roster: Roster,
    private readonly resume: Resume,
    private readonly tokens: TokenService,
    private readonly lifecycle: Lifecycle,
  ) {}

  handleConnection(connection: Connection): void {
    this.lifecycle.begin(connection);
  }

  handleDisconnect(connection: Connection): void {
    this.lifecycle.end(connection);
  }

  @SubscribeMessage(FrameType.GroupList)
  async groupList(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { ref }: GroupListDto,
  ): Promise<void> {
    const list = await this.roster.current();
    connection.send(ref === undefined ? list : { ...list, ref });
  }

  @SubscribeMessage(FrameType.GroupChat)
  @UseGuards(RateGuard)
  groupChat(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, room = LOBBY, ref }: GroupChatDto,
  ): void {
    const address = this.chat.room(room);
    const receipt = this.chat.say(speaker(connection), address, data, ref ?? null);
    this.acknowledgement.follow(connection, { room }, ref ?? null, receipt);
  }

  @SubscribeMessage(FrameType.SingleChat)
  @UseGuards(RateGuard)
  async singleChat(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, to, ref }: SingleChatDto,
  ): Promise<void> {
    const address = await this.chat.direct(connection.person, to);
    const receipt = this.chat.say(speaker(connection), address, data, ref ?? null);
    const name = address.other?.username ?? to;
    this.acknowledgement.follow(connection, { to: name }, ref ?? null, receipt);
  }

  @SubscribeMessage(FrameType.Sync)
  async sync(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: SyncDto,
  ): Promise<void> {
    const outcome = await this.resume.sync(connection, data);
    connection.send({ type: FrameType.Sync, ...(ref === undefined ? {} : { ref }), data: outcome });
  }

  @SubscribeMessage(FrameType.Renew)
  async renew(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: RenewDto,
  ): Promise<void> {
    const identity = await this.tokens.verify(data);
    if (identity.user.id !== connection.person.id) throw new Refusal('invalid-token');
    connection.identity = identity;
    connection.send({
      type: FrameType.Renew,
      ...(ref === undefined ? {} : { ref }),
      data: { expires_at: identity.expiresAt },
    });
  }
}

function speaker(connection: Connection): Speaker {
  return { person: connection.person, connectionId: connection.id };
}
