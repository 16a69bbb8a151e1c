import {
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Put,
  Query,
  UseGuards,
} from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { Invitation } from '../chat/conversations/room-store.js';
import { InvitationsService } from '../chat/rooms/invitations.service.js';
import { Cost } from '../kernel/limits/cost.js';
import type { Person } from '../kernel/person.js';
import { type RoomItem, roomItem } from './room-item.js';
import { ListQuery, type ListRequest, NameParameter, type Page, pageOf } from './room-query.js';

interface InvitationItem {
  readonly room: RoomItem;
  readonly by: Person;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Invitations of people by name. */
@Controller()
@UseGuards(AccessGuard)
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Put('rooms/:room/invitations/:username')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async invite(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
  ): Promise<void> {
    await this.invitations.invite(user, room, username);
  }

  @Delete('rooms/:room/invitations/:username')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async withdraw(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('username', NameParameter) username: string,
  ): Promise<void> {
    await this.invitations.withdraw(user, room, username);
  }

  @Get('invitations')
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(ListQuery) request: ListRequest,
  ): Promise<Page<InvitationItem>> {
    const { limit } = request;
    const found = await this.invitations.list(user, { ...request, limit: limit + 1 });
    return pageOf(found, limit, invitationItem, ({ room }) => room.id);
  }

  @Delete('invitations/:room')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async decline(@CurrentIdentity() { user }: Identity, @Param('room') room: string): Promise<void> {
    await this.invitations.decline(user, room);
  }
}

function invitationItem({ room, by, time }: Invitation): InvitationItem {
  return { room: roomItem({ room, membership: null }), by, time };
}
