import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Put,
  Query,
  Res,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { Role } from '../chat/conversations/room.js';
import type { Level } from '../chat/conversations/room-change.js';
import type { Member } from '../chat/conversations/room-store.js';
import { MembershipService } from '../chat/rooms/membership.service.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import type { Person } from '../kernel/person.js';
import { type ArrivalAnswer, arrivalAnswer } from './arrival-answer.js';
import { MemberBody, MemberSettingsBody } from './room-bodies.js';
import {
  MembersQuery,
  type MembersRequest,
  NameParameter,
  type Page,
  pageOf,
} from './room-query.js';

interface MemberItem {
  readonly user: Person;
  readonly role: Role;
  /** When the person came in last (ms since the epoch). */
  readonly since: number;
}

interface StandingAnswer {
  readonly user: Person;
  readonly role: Role;
}

interface SettingsAnswer {
  readonly level: Level;
  readonly muted_until: number | null;
}

/** Who is in a room. */
@Controller('rooms/:room/members')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class MembersController {
  constructor(private readonly members: MembershipService) {}

  @Put('me')
  @Cost(5)
  async join(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
  ): Promise<ArrivalAnswer> {
    return arrivalAnswer(await this.members.join(user, room));
  }

  @Delete('me')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async leave(@CurrentIdentity() { user }: Identity, @Param('room') room: string): Promise<void> {
    await this.members.leave(user, room);
  }

  @Patch('me')
  @Cost(2)
  async configure(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Body() { level, muted_until: mutedUntil }: MemberSettingsBody,
  ): Promise<SettingsAnswer> {
    const settings = await this.members.configure(user, room, {
      ...(level === undefined ? {} : { level }),
      ...(mutedUntil === undefined ? {} : { mutedUntil }),
    });
    return { level: settings.level, muted_until: settings.mutedUntil };
  }

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Query(MembersQuery) request: MembersRequest,
  ): Promise<Page<MemberItem>> {
    const { limit } = request;
    const found = await this.members.list(user, room, { ...request, limit: limit + 1 });
    return pageOf(found, limit, memberItem, ({ person }) => person.id);
  }

  @Put(':username')
  @Cost(5)
  async put(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
    @Body() { role }: MemberBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StandingAnswer> {
    const standing = await this.members.put(user, room, username, role ?? null);
    if (standing.isNew) response.status(HttpStatus.CREATED);
    return { user: standing.person, role: standing.role };
  }

  @Delete(':username')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async remove(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
  ): Promise<void> {
    await this.members.remove(user, room, username);
  }
}

function memberItem({ person, role, since }: Member): MemberItem {
  return { user: person, role, since };
}
