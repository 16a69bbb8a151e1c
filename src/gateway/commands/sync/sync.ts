import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { Cost } from '../../../kernel/limits/cost.js';
import { CatchUp } from '../../catch-up/catch-up.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { Concurrent } from '../concurrent.js';
import { IsRef } from '../dto/is-ref.js';
import { IsPositions } from './positions.js';

export class SyncDto {
  /** Rooms by name, private conversations by `@` and the other's name. */
  @IsPositions()
  readonly data!: Readonly<Record<string, number>>;

  @IsRef()
  readonly ref?: string;
}

/** Asks for missed messages. */
@CommandGateway()
export class SyncCommand {
  constructor(private readonly catchUp: CatchUp) {}

  @SubscribeMessage(FrameType.Sync)
  @Cost(2)
  @Concurrent()
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: SyncDto,
  ): Promise<void> {
    // Catch-up writes bypass the queue: flush it first, with the end of the previous Sync.
    connection.flush();
    const { outcomes, more } = await this.catchUp.sync(connection, data);
    connection.send({
      type: FrameType.Sync,
      ...(ref === undefined ? {} : { ref }),
      data: outcomes,
      ...(more ? { more } : {}),
    });
  }
}
