import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { PersonBudget } from '../auth/person-budget.js';
import { FoundingService } from '../chat/rooms/founding.service.js';
import { RoomService } from '../chat/rooms/room.service.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { NewRoomBody, RoomPatchBody } from './room-bodies.js';
import { type RoomItem, roomItem } from './room-item.js';
import { DirectoryQuery, type DirectoryRequest, type Page, pageOf } from './room-query.js';

/** What each person costs that the creation of a room adds. */
const UNITS_A_MEMBER = 5;

/** Rooms: made, found, changed, archived. */
@Controller('rooms')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class RoomController {
  constructor(
    private readonly founding: FoundingService,
    private readonly rooms: RoomService,
    private readonly budget: PersonBudget,
  ) {}

  @Post()
  @Cost(20)
  async create(
    @CurrentIdentity() { user }: Identity,
    @Body() body: NewRoomBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RoomItem> {
    const { name, title = null, topic = null, kind, history, members = [] } = body;
    this.budget.charge(user.id, UNITS_A_MEMBER * members.length);
    const ref = body.ref ?? null;
    const wanted = { name, title, topic, kind, history, members, ref };
    const founded = await this.founding.create(user, wanted);
    if (!founded.isNew) response.status(HttpStatus.OK);
    return roomItem(founded);
  }

  @Get()
  @Cost('page')
  async list(
    @CurrentIdentity() { user }: Identity,
    @Query(DirectoryQuery) { q, ...request }: DirectoryRequest,
  ): Promise<Page<RoomItem>> {
    const { limit } = request;
    const found = await this.rooms.directory(user, q, { ...request, limit: limit + 1 });
    return pageOf(found, limit, roomItem, ({ canonical }) => canonical);
  }

  @Get(':room')
  @Cost(2)
  async show(
    @CurrentIdentity() { user }: Identity,
    @Param('room') name: string,
  ): Promise<RoomItem> {
    return roomItem(await this.rooms.find(user, name));
  }

  @Patch(':room')
  @Cost(5)
  async change(
    @CurrentIdentity() { user }: Identity,
    @Param('room') name: string,
    @Body() patch: RoomPatchBody,
  ): Promise<RoomItem> {
    return roomItem(await this.rooms.change(user, name, patch));
  }

  @Delete(':room')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async archive(@CurrentIdentity() { user }: Identity, @Param('room') name: string): Promise<void> {
    await this.rooms.archive(user, name);
  }

  @Post(':room/restore')
  @Cost(5)
  @HttpCode(HttpStatus.OK)
  async restore(
    @CurrentIdentity() { user }: Identity,
    @Param('room') name: string,
  ): Promise<RoomItem> {
    return roomItem(await this.rooms.restore(user, name));
  }
}
