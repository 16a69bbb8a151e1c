import {
  Body,
  Controller,
  HttpStatus,
  Param,
  Post,
  Res,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import { PersonBudget } from '../auth/person-budget.js';
import { NO_ORIGIN, type Written } from '../chat/log/event.js';
import {
  RichMessageService,
  type WantedExtras,
} from '../chat/messages/changing/rich-message.service.js';
import { visibleOf } from '../chat/messages/changing/visible-conversation.js';
import { ChatService } from '../chat/messages/chat.service.js';
import {
  ConversationFinder,
  type FoundConversation,
  type FoundRoom,
} from '../chat/messages/conversation-finder.js';
import { FirstContacts } from '../chat/messages/first-contacts.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import type { Person } from '../kernel/person.js';
import { MessageBody } from './room-bodies.js';
import { NameParameter } from './room-query.js';

/** Extra cost of starting a private conversation, as on the socket. */
const FIRST_CONTACT_UNITS = 10;

interface MessageAnswer {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/** Saying something without a socket: in a room, or to one person. */
@Controller()
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class MessagesController {
  constructor(
    private readonly chat: ChatService,
    private readonly rich: RichMessageService,
    private readonly finder: ConversationFinder,
    private readonly contacts: FirstContacts,
    private readonly budget: PersonBudget,
  ) {}

  @Post('rooms/:room/messages')
  @Cost('message')
  async postInRoom(
    @CurrentIdentity() { user }: Identity,
    @Param('room') name: string,
    @Body() body: MessageBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MessageAnswer> {
    const room = await this.finder.room(user, name, null);
    return this.post(user, room, body, response);
  }

  @Post('direct/:username/messages')
  @Cost('message')
  async postInPrivate(
    @CurrentIdentity() { user }: Identity,
    @Param('username', NameParameter) username: string,
    @Body() body: MessageBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MessageAnswer> {
    const direct = await this.chat.direct(user, username, 'username');
    const { conversation } = direct;
    if (!this.contacts.hasBegun(conversation) && (await this.contacts.admit(user, direct))) {
      this.budget.charge(user.id, FIRST_CONTACT_UNITS);
    }
    return this.post(user, direct, body, response);
  }

  /** Answers 200 where the same ref was stored before. */
  private async post(
    person: Person,
    place: FoundConversation | FoundRoom,
    body: MessageBody,
    response: Response,
  ): Promise<MessageAnswer> {
    const written = await this.say(person, place, body);
    if (written.isRepeated) response.status(HttpStatus.OK);
    return { id: written.id, seq: written.seq, time: written.time };
  }

  private say(
    person: Person,
    place: FoundConversation | FoundRoom,
    body: MessageBody,
  ): Promise<Written> {
    const { data, ref = null } = body;
    const extras = extrasOf(body);
    if (extras === null) {
      return this.chat.post({ person, connectionId: NO_ORIGIN }, place, data, ref);
    }
    return this.rich.say({ person, in: visibleOf(place), ref }, data, extras);
  }
}

/** @returns null for a plain message */
function extrasOf({
  reply,
  thread,
  also,
  mentions,
  mention_all: mentionAll,
  attachments,
}: MessageBody): WantedExtras | null {
  const isListed = (mentions ?? []).length > 0 || (attachments ?? []).length > 0;
  const isPlain = !reply && !thread && !also && !mentionAll && !isListed;
  if (isPlain) return null;
  return {
    reply: reply ?? undefined,
    thread: thread ?? undefined,
    also: also ?? undefined,
    mentions: mentions ?? undefined,
    mentionAll: mentionAll ?? undefined,
    attachments: attachments ?? undefined,
  };
}
