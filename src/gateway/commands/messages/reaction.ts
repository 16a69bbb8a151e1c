import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { ReactionService } from '../../../chat/messages/changing/reaction.service.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ConversationFields, conversationOf, destinationOf } from './conversation-fields.js';
import { IsSeq } from './is-seq.js';

export class ReactionDto extends ConversationFields {
  @IsSeq()
  readonly target!: number;

  /** One emoji, or `:name:`. */
  @IsString()
  @Length(1, 64)
  readonly data!: string;

  @IsOptional()
  @IsIn(['add', 'remove'])
  readonly op?: 'add' | 'remove';

  @IsRef()
  readonly ref?: string;
}

/** Reacts to a message, or takes it back. */
@CommandGateway()
export class ReactionCommand {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly reactions: ReactionService,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.Reaction)
  @Cost(3)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: ReactionDto,
  ): Promise<void> {
    const { person } = connection;
    const { target, data: key, op, ref = null } = frame;
    const where = await conversationOf(this.finder, person, frame);
    const wish = { key, op: op ?? 'add' };
    const written = this.reactions.react({ person, in: where, ref }, target, wish);
    // In a crowd it takes a while: what else the person says does not wait for it.
    this.acknowledgement.follow(connection, destinationOf(where), ref, written);
  }
}
