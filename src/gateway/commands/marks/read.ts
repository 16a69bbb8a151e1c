import {
  FrameType,
  type OwnReadFrame,
  type OwnReadsFrame,
  type ThreadReadFrame,
} from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsBoolean, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { PersonBudget } from '../../../auth/person-budget.js';
import { ThreadService } from '../../../chat/messages/changing/thread.service.js';
import { visibleOf } from '../../../chat/messages/changing/visible-conversation.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import { ReadingService } from '../../../chat/messages/reading.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Connection } from '../../connections/connection.js';
import { ownReadFrame, placeOf, threadReadFrame } from '../../wire/read-frames.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';
import { IsSeq } from '../messages/is-seq.js';
import { speakerOf } from '../messages/speaker.js';
import { IsReadMarks } from './read-marks-field.js';

/** What several conversations cost, beside the frame's own price. */
const NAMES_PER_UNIT = 5;
/** Every conversation of a person may be written. */
const ALL_UNITS = 20;

export class ReadDto {
  /** `lobby` unless given, where there is no `to`. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  /** The other person's name. */
  @IsOptional()
  @IsString()
  @Length(1, 128)
  readonly to?: string;

  /** The number of a thread's first message: the mark is that of the thread. */
  @IsOptional()
  @IsSeq()
  readonly thread?: number;

  /** The last number that was read; with `unread`, the first that was not. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly seq?: number;

  /** Sets the mark back. */
  @IsOptional()
  @IsBoolean()
  readonly unread?: boolean;

  /** Several at once, in place of all of the above. */
  @IsOptional()
  @IsReadMarks()
  readonly data?: Readonly<Record<string, number>> | 'all';

  @IsRef()
  readonly ref?: string;
}

/** Has read up to here, or has not. */
@CommandGateway()
export class ReadCommand {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly reading: ReadingService,
    private readonly threads: ThreadService,
    private readonly budget: PersonBudget,
  ) {}

  @SubscribeMessage(FrameType.Read)
  @Cost(2)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: ReadDto,
  ): Promise<void> {
    const { data, ref } = frame;
    const answer = isGiven(data)
      ? await this.readMany(connection, data, frame)
      : await this.readOne(connection, frame);
    if (isGiven(ref)) connection.send({ ...answer, ref });
  }

  private async readOne(
    connection: Connection,
    { room, to, thread, seq, unread }: ReadDto,
  ): Promise<OwnReadFrame | ThreadReadFrame> {
    if (!isGiven(seq)) throw new Refusal('invalid-field', { field: 'seq' });
    if (isGiven(room) && isGiven(to)) throw new Refusal('invalid-field', { field: 'to' });
    const { person } = connection;
    const target = isGiven(to)
      ? await this.finder.direct(person, to)
      : await this.finder.room(person, this.finder.nameOfRoom(room));
    const wanted = { seq, unread: unread === true };
    if (isGiven(thread)) {
      const where = visibleOf(target);
      const mark = await this.threads.read(speakerOf(connection), where, thread, wanted);
      return threadReadFrame(person, placeOf(where), thread, mark);
    }
    const position = await this.reading.readOne(speakerOf(connection), target, wanted);
    return ownReadFrame(person, placeOf(position), position);
  }

  private async readMany(
    connection: Connection,
    data: Readonly<Record<string, number>> | 'all',
    { room, to, thread, seq, unread }: ReadDto,
  ): Promise<OwnReadsFrame> {
    for (const [field, value] of Object.entries({ room, to, thread, seq, unread })) {
      if (isGiven(value)) throw new Refusal('invalid-field', { field });
    }
    const by = speakerOf(connection);
    const answer = { type: FrameType.Read, user: connection.person } as const;
    if (data === 'all') {
      this.budget.charge(connection.person.id, ALL_UNITS);
      await this.reading.readAll(by);
      return { ...answer, data };
    }
    this.budget.charge(connection.person.id, Object.keys(data).length / NAMES_PER_UNIT);
    return { ...answer, data: await this.reading.readMany(by, data) };
  }
}

/** A field whose value is null counts as absent. */
function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}
