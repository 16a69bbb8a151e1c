import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsOptional, IsString, MinLength } from 'class-validator';
import type { DeletionRange } from '../../../chat/messages/changing/deletion-rules.js';
import { DeletionService } from '../../../chat/messages/changing/deletion.service.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ConversationFields, conversationOf, destinationOf } from './conversation-fields.js';
import { IsSeqRange, type SeqRange } from './is-seq-range.js';

export class DeletionDto extends ConversationFields {
  /** The number of the message, or the first and the last. */
  @IsSeqRange()
  readonly target!: SeqRange;

  /** For people. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly reason?: string;

  @IsRef()
  readonly ref?: string;
}

/** Deletes messages. */
@CommandGateway()
export class DeletionCommand {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly deletions: DeletionService,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.Deletion)
  @Cost(5)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: DeletionDto,
  ): Promise<void> {
    const { person } = connection;
    const { target, reason = null, ref = null } = frame;
    const where = await conversationOf(this.finder, person, frame);
    const written = this.deletions.delete({ person, in: where, ref }, rangeOf(target), reason);
    await this.acknowledgement.after(connection, destinationOf(where), ref, written);
  }
}

function rangeOf(target: SeqRange): DeletionRange {
  if (typeof target === 'number') return { low: target, high: target, isRange: false };
  const [low, high] = target;
  return { low, high, isRange: true };
}
