import {
  Body,
  Controller,
  Delete,
  Param,
  Patch,
  Put,
  Query,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { DeletionQuery, type DeletionWish } from './deletion-query.js';
import { EditBody } from './edit-body.js';
import { type Done, MessageCalls } from './message-calls.js';
import { MessageNumber } from './message-number.js';

/** Changes a message of a room. */
@Controller('rooms/:room/messages/:seq')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class RoomMessageController {
  constructor(private readonly calls: MessageCalls) {}

  @Patch()
  @Cost('message')
  async edit(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
    @Body() body: EditBody,
  ): Promise<Done> {
    return this.calls.edit(user, { room }, seq, body);
  }

  @Delete()
  @Cost(5)
  async delete(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
    @Query(DeletionQuery) wish: DeletionWish,
  ): Promise<Done> {
    return this.calls.delete(user, { room }, seq, wish);
  }

  @Put('reactions/:key')
  @Cost(3)
  async react(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
    @Param('key') key: string,
  ): Promise<Done> {
    return this.calls.react(user, { room }, seq, { key, op: 'add' });
  }

  @Delete('reactions/:key')
  @Cost(3)
  async takeBack(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
    @Param('key') key: string,
  ): Promise<Done> {
    return this.calls.react(user, { room }, seq, { key, op: 'remove' });
  }

  @Put('pin')
  @Cost(4)
  async pin(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
  ): Promise<Done> {
    return this.calls.pin(user, { room }, seq, true);
  }

  @Delete('pin')
  @Cost(4)
  async unpin(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('seq', MessageNumber) seq: number,
  ): Promise<Done> {
    return this.calls.pin(user, { room }, seq, false);
  }
}
