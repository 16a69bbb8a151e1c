import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsOptional, IsString, Length } from 'class-validator';
import { PersonBudget } from '../../../auth/person-budget.js';
import { LOBBY_KEY } from '../../../chat/conversations/lobby.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Connection } from '../../connections/connection.js';
import { type EncodedPeopleList, PeopleList } from '../../presence/people-list.js';
import { RoomPeople } from '../../presence/room-people.js';
import { EncodedFrame } from '../../wire/encoded-frame.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';

/** Extra cost of a list: one unit for this many bytes. */
const BYTES_PER_UNIT = 8_192;

export class GroupListDto {
  /** Only who of this room's members is here. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  @IsRef()
  readonly ref?: string;
}

/** Asks who is here. */
@CommandGateway()
export class GroupListCommand {
  constructor(
    private readonly people: PeopleList,
    private readonly members: RoomPeople,
    private readonly finder: ConversationFinder,
    private readonly budget: PersonBudget,
  ) {}

  @SubscribeMessage(FrameType.GroupList)
  @Cost(2)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { room, ref }: GroupListDto,
  ): Promise<void> {
    const { frame, encoded } = await this.listFor(connection, room);
    const sent = connection.sendList(encoded, frame, ref ?? null);
    this.budget.charge(connection.person.id, sent / BYTES_PER_UNIT);
  }

  /** Everybody who is here is in the lobby. */
  private async listFor({ person }: Connection, room?: string): Promise<EncodedPeopleList> {
    const name = this.finder.nameOfRoom(room);
    if (room === undefined) return this.people.current();
    const { conversation, name: written } = await this.finder.room(person, name);
    if (conversation === LOBBY_KEY) {
      const list = { ...(await this.people.current()).frame, room: written };
      return { frame: list, encoded: new EncodedFrame(list) };
    }
    const frame = await this.members.current(conversation, written);
    return { frame, encoded: new EncodedFrame(frame) };
  }
}
