import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsString, Length } from 'class-validator';
import { MembershipService } from '../../../chat/rooms/membership.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { acknowledge } from './acknowledge.js';

export class JoinDto {
  @IsString()
  @Length(1, 64)
  readonly room!: string;

  @IsRef()
  readonly ref?: string;
}

/** Enters a room. */
@CommandGateway()
export class JoinCommand {
  constructor(private readonly members: MembershipService) {}

  @SubscribeMessage(FrameType.Join)
  @Cost(5)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { room, ref }: JoinDto,
  ): Promise<void> {
    const arrived = await this.members.join(connection.person, room, ref ?? null);
    acknowledge(connection, ref ?? null, arrived);
  }
}
