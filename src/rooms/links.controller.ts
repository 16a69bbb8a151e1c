import {
  Body,
  Controller,
  Delete,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { LinksService } from '../chat/rooms/links.service.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { type ArrivalAnswer, arrivalAnswer } from './arrival-answer.js';
import { CodeBody, LinkBody } from './room-bodies.js';

interface LinkAnswer {
  /** Shown this once. */
  readonly code: string;
  readonly uses: number | null;
  /** Milliseconds since the epoch. */
  readonly expires_at: number | null;
}

/** Links into rooms. */
@Controller()
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Post('rooms/:room/links')
  @Cost(5)
  async create(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Body() { uses = null, expires_in: seconds = null }: LinkBody,
  ): Promise<LinkAnswer> {
    const lifetime = seconds === null ? null : seconds * 1_000;
    const link = await this.links.create(user, room, { uses, lifetime });
    return { code: link.code, uses: link.uses, expires_at: link.expiresAt };
  }

  @Delete('rooms/:room/links')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async removeAll(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
  ): Promise<void> {
    await this.links.removeAll(user, room);
  }

  @Delete('rooms/:room/links/:code')
  @Cost(5)
  @HttpCode(HttpStatus.NO_CONTENT)
  async remove(
    @CurrentIdentity() { user }: Identity,
    @Param('room') room: string,
    @Param('code') code: string,
  ): Promise<void> {
    await this.links.remove(user, room, code);
  }

  @Post('join')
  @Cost(5)
  @HttpCode(HttpStatus.OK)
  async join(
    @CurrentIdentity() { user }: Identity,
    @Body() { code }: CodeBody,
  ): Promise<ArrivalAnswer> {
    return arrivalAnswer(await this.links.join(user, code));
  }
}
