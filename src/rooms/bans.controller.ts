import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Put,
  Query,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { Ban } from '../chat/conversations/room-store.js';
import { BansService } from '../chat/rooms/bans.service.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import type { Person } from '../kernel/person.js';
import { BanBody } from './room-bodies.js';
import { ListQuery, type ListRequest, NameParameter, type Page, pageOf } from './room-query.js';

interface BanItem {
  readonly user: Person;
  readonly by: Person;
  readonly reason: string | null;
  /** Milliseconds since the epoch; null: for ever. */
  readonly until: number | null;
  readonly time: number;
}

/** Who may not come into a room. */
@Controller('rooms/:room/bans')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class BansController {
  constructor(private readonly bans: BansService) {}

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Query(ListQuery) request: ListRequest,
  ): Promise<Page<BanItem>> {
    const { limit } = request;
    const found = await this.bans.list(user, room, { ...request, limit: limit + 1 });
    return pageOf(found, limit, banItem, ({ person }) => person.id);
  }

  @Put(':username')
  @Cost(5)
  async ban(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
    @Body() { reason = null, expires_in: seconds = null }: BanBody,
  ): Promise<BanItem> {
    const lifetime = seconds === null ? null : seconds * 1_000;
    return banItem(await this.bans.ban(user, room, username, { reason, lifetime }));
  }

  @Delete(':username')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async unban(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
  ): Promise<void> {
    await this.bans.unban(user, room, username);
  }
}

function banItem({ person, by, reason, until, time }: Ban): BanItem {
  return { user: person, by, reason, until, time };
}
