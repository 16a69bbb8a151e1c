import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsString, Length } from 'class-validator';
import { MembershipService } from '../../../chat/rooms/membership.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { acknowledge } from './acknowledge.js';

export class PartDto {
  @IsString()
  @Length(1, 64)
  readonly room!: string;

  @IsRef()
  readonly ref?: string;
}

/** Leaves a room. */
@CommandGateway()
export class PartCommand {
  constructor(private readonly members: MembershipService) {}

  @SubscribeMessage(FrameType.Part)
  @Cost(5)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { room, ref }: PartDto,
  ): Promise<void> {
    const left = await this.members.leave(connection.person, room, ref ?? null);
    acknowledge(connection, ref ?? null, left);
  }
}
