import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsOptional, IsString, MinLength } from 'class-validator';
import { EditService } from '../../../chat/messages/changing/edit.service.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { Acknowledgement } from './acknowledgement.js';
import { ConversationFields, conversationOf, destinationOf } from './conversation-fields.js';
import { IsSeq } from './is-seq.js';

export class EditDto extends ConversationFields {
  @IsSeq()
  readonly target!: number;

  /** The whole text. */
  @IsString()
  @MinLength(1)
  readonly data!: string;

  /** The number of the last edit, or of the message, that the author has seen. */
  @IsOptional()
  @IsSeq()
  readonly if?: number;

  @IsRef()
  readonly ref?: string;
}

/** Gives a message of one's own another text. */
@CommandGateway()
export class EditCommand {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly edits: EditService,
    private readonly acknowledgement: Acknowledgement,
  ) {}

  @SubscribeMessage(FrameType.Edit)
  @Cost('message')
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: EditDto,
  ): Promise<void> {
    const { person } = connection;
    const { target, data: text, if: seen = null, ref = null } = frame;
    const where = await conversationOf(this.finder, person, frame);
    const written = this.edits.edit({ person, in: where, ref }, target, { text, seen });
    await this.acknowledgement.after(connection, destinationOf(where), ref, written);
  }
}
