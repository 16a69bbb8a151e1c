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

/** Changes a message of a private conversation. */
@Controller('direct/:username/messages/:seq')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class DirectMessageController {
  constructor(private readonly calls: MessageCalls) {}

  @Patch()
  @Cost('message')
  async edit(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
    @Body() body: EditBody,
  ): Promise<Done> {
    return this.calls.edit(user, { username }, seq, body);
  }

  @Delete()
  @Cost(5)
  async delete(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
    @Query(DeletionQuery) wish: DeletionWish,
  ): Promise<Done> {
    return this.calls.delete(user, { username }, seq, wish);
  }

  @Put('reactions/:key')
  @Cost(3)
  async react(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
    @Param('key') key: string,
  ): Promise<Done> {
    return this.calls.react(user, { username }, seq, { key, op: 'add' });
  }

  @Delete('reactions/:key')
  @Cost(3)
  async takeBack(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
    @Param('key') key: string,
  ): Promise<Done> {
    return this.calls.react(user, { username }, seq, { key, op: 'remove' });
  }

  @Put('pin')
  @Cost(4)
  async pin(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
  ): Promise<Done> {
    return this.calls.pin(user, { username }, seq, true);
  }

  @Delete('pin')
  @Cost(4)
  async unpin(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', MessageNumber) seq: number,
  ): Promise<Done> {
    return this.calls.pin(user, { username }, seq, false);
  }
}
