import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsString, Length } from 'class-validator';
import { PersonBudget } from '../../../auth/person-budget.js';
import {
  RichMessageService,
  type WantedExtras,
} from '../../../chat/messages/changing/rich-message.service.js';
import { visibleOf } from '../../../chat/messages/changing/visible-conversation.js';
import { ChatService, type DirectRef } from '../../../chat/messages/chat.service.js';
import { FirstContacts } from '../../../chat/messages/first-contacts.js';
import { Cost } from '../../../kernel/limits/cost.js';
import type { Person } from '../../../kernel/person.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ExtraFields, extrasOf } from './extra-fields.js';
import { speakerOf } from './speaker.js';

/** Extra cost of starting a private conversation, which adds to somebody else's list. */
const FIRST_CONTACT_UNITS = 10;

export class SingleChatDto extends ExtraFields {
  /** The chat service checks length and content. */
  @IsString()
  readonly data!: string;

  /** The recipient's name. */
  @IsString()
  @Length(1, 128)
  readonly to!: string;

  @IsRef()
  readonly ref?: string;
}

/** Sends a message to one person. */
@CommandGateway()
export class SingleChatCommand {
  constructor(
    private readonly chat: ChatService,
    private readonly rich: RichMessageService,
    private readonly acknowledgement: Acknowledgement,
    private readonly contacts: FirstContacts,
    private readonly budget: PersonBudget,
  ) {}

  @SubscribeMessage(FrameType.SingleChat)
  @Cost('message')
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: SingleChatDto,
  ): Promise<void> {
    const { data, to, ref } = frame;
    const address = await this.chat.direct(connection.person, to);
    if (!this.contacts.hasBegun(address.conversation)) await this.begin(connection.person, address);
    const extras = extrasOf(frame);
    if (extras !== null) return this.sayRich(connection, address, frame, extras);
    const receipt = this.chat.say(speakerOf(connection), address, data, ref ?? null);
    const { username } = address.other;
    this.acknowledgement.follow(connection, { to: username }, ref ?? null, receipt);
  }

  private async sayRich(
    connection: Connection,
    address: DirectRef,
    frame: SingleChatDto,
    extras: WantedExtras,
  ): Promise<void> {
    const { data, ref = null } = frame;
    const { person, id: origin } = connection;
    const where = visibleOf(address);
    const written = this.rich.say({ person, in: where, ref, origin }, data, extras);
    await this.acknowledgement.after(connection, { to: address.other.username }, ref, written);
  }

  /** @throws Refusal `rate-limited`, by rejection */
  private async begin(person: Person, address: DirectRef): Promise<void> {
    if (await this.contacts.admit(person, address)) {
      this.budget.charge(person.id, FIRST_CONTACT_UNITS);
    }
  }
}
