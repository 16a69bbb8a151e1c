import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { PersonBudget } from '../../../auth/person-budget.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { PeopleList } from '../../presence/people-list.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';

/** Extra cost of a list: one unit for this many bytes. */
const BYTES_PER_UNIT = 8_192;

export class GroupListDto {
  @IsRef()
  readonly ref?: string;
}

/** Asks who is here. */
@CommandGateway()
export class GroupListCommand {
  constructor(
    private readonly people: PeopleList,
    private readonly budget: PersonBudget,
  ) {}

  @SubscribeMessage(FrameType.GroupList)
  @Cost(2)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { ref }: GroupListDto,
  ): Promise<void> {
    const { frame, encoded } = await this.people.current();
    const sent = connection.sendList(encoded, frame, ref ?? null);
    this.budget.charge(connection.person.id, sent / BYTES_PER_UNIT);
  }
}
