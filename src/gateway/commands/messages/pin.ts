import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsBoolean } from 'class-validator';
import { PinService } from '../../../chat/messages/changing/pin.service.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ConversationFields, conversationOf, destinationOf } from './conversation-fields.js';
import { IsSeq } from './is-seq.js';

export class PinDto extends ConversationFields {
  @IsSeq()
  readonly target!: number;

  @IsBoolean()
  readonly data!: boolean;

  @IsRef()
  readonly ref?: string;
}

/** Pins a message, or takes it down. */
@CommandGateway()
export class PinCommand {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly pins: PinService,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.Pin)
  @Cost(4)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: PinDto,
  ): Promise<void> {
    const { person } = connection;
    const { target, data, ref = null } = frame;
    const where = await conversationOf(this.finder, person, frame);
    const written = this.pins.pin({ person, in: where, ref }, target, data);
    await this.acknowledgement.after(connection, destinationOf(where), ref, written);
  }
}
