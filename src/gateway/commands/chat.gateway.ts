import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { PersonBudget } from '../../auth/person-budget.js';
import { TokenService } from '../../auth/tokens/token.service.js';
import { ChatService, type DirectRef, type Speaker } from '../../chat/messages/chat.service.js';
import { LOBBY } from '../../chat/conversations/lobby.js';
import { FirstContacts } from '../../chat/messages/first-contacts.js';
import { Cost } from '../../kernel/limits/cost.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { Acknowledgement } from './acknowledgement.js';
import { Connection } from '../connections/connection.js';
import { CostGuard } from './cost.guard.js';
import { GroupChatDto } from './dto/group-chat.dto.js';
import { GroupListDto } from './dto/group-list.dto.js';
import { RenewDto } from './dto/renew.dto.js';
import { SingleChatDto } from './dto/single-chat.dto.js';
import { SyncDto } from './dto/sync.dto.js';
import { FramePipe } from './frame.pipe.js';
import { FrameType, type SyncFrame } from '../wire/frames.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { RejectFilter } from './reject.filter.js';
import { CatchUp, type Synced } from '../catch-up/catch-up.js';
import { PeopleList } from '../presence/people-list.js';
import { TokenGuard } from './token.guard.js';

/** Of an answer that may be large: what it costs to write it. */
const BYTES_PER_UNIT = 8_192;
/** To begin a private conversation: somebody else's list grows by it. */
const FIRST_CONTACT_UNITS = 10;

/** The commands of /chat: one handler each, one call each. */
@WebSocketGateway({ path: '/chat' })
@UseFilters(RejectFilter)
@UseGuards(TokenGuard, CostGuard)
@UsePipes(FramePipe)
export class ChatGateway
  implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection>
{
  constructor(
    private readonly chat: ChatService,
    private readonly acknowledgement: Acknowledgement,
    private readonly people: PeopleList,
    private readonly catchUp: CatchUp,
    private readonly tokens: TokenService,
    private readonly lifecycle: Lifecycle,
    private readonly budget: PersonBudget,
    private readonly contacts: FirstContacts,
  ) {}

  handleConnection(connection: Connection): void {
    this.lifecycle.begin(connection);
  }

  handleDisconnect(connection: Connection): void {
    this.lifecycle.end(connection);
  }

  @SubscribeMessage(FrameType.GroupList)
  @Cost(2)
  async groupList(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { ref }: GroupListDto,
  ): Promise<void> {
    const { frame, encoded } = await this.people.current();
    const sent = connection.sendList(encoded, frame, ref ?? null);
    this.budget.charge(connection.person.id, sent / BYTES_PER_UNIT);
  }

  @SubscribeMessage(FrameType.GroupChat)
  @Cost('message')
  groupChat(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, room = LOBBY, ref }: GroupChatDto,
  ): void {
    const address = this.chat.room(room);
    const receipt = this.chat.say(speaker(connection), address, data, ref ?? null);
    this.acknowledgement.follow(connection, { room }, ref ?? null, receipt);
  }

  @SubscribeMessage(FrameType.SingleChat)
  @Cost('message')
  async singleChat(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, to, ref }: SingleChatDto,
  ): Promise<void> {
    const address = await this.chat.direct(connection.person, to);
    if (!this.contacts.hasBegun(address.conversation)) await this.begin(connection.person, address);
    const receipt = this.chat.say(speaker(connection), address, data, ref ?? null);
    const { username } = address.other;
    this.acknowledgement.follow(connection, { to: username }, ref ?? null, receipt);
  }

  @SubscribeMessage(FrameType.Sync)
  @Cost(2)
  async sync(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: SyncDto,
  ): Promise<void> {
    const synced = await this.catchUp.sync(connection, data);
    connection.send(syncFrame(synced, ref));
  }

  @SubscribeMessage(FrameType.Renew)
  @Cost(2)
  async renew(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: RenewDto,
  ): Promise<void> {
    const identity = await this.tokens.verify(data);
    if (identity.user.id !== connection.person.id) throw new Refusal('invalid-token');
    connection.renew(identity);
    connection.send({
      type: FrameType.Renew,
      ...(ref === undefined ? {} : { ref }),
      data: { expires_at: identity.expiresAt },
    });
  }

  /** @throws Refusal `rate-limited`, by rejection */
  private async begin(person: Person, address: DirectRef): Promise<void> {
    if (await this.contacts.admit(person, address)) {
      this.budget.charge(person.id, FIRST_CONTACT_UNITS);
    }
  }
}

function syncFrame({ outcomes, more }: Synced, ref: string | undefined): SyncFrame {
  return {
    type: FrameType.Sync,
    ...(ref === undefined ? {} : { ref }),
    data: outcomes,
    ...(more ? { more } : {}),
  };
}

function speaker(connection: Connection): Speaker {
  return { person: connection.person, connectionId: connection.id };
}
