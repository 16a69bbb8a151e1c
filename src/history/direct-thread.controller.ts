import { Body, Controller, Delete, Param, Put, UseGuards, UsePipes } from '@nestjs/common';
import { AccessGuard } from '../auth/http/access.guard.js';
import { CurrentIdentity } from '../auth/http/current-identity.js';
import type { Identity } from '../auth/identity.js';
import type { ThreadMark } from '../chat/marks/thread-store.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import { BodyValidationPipe } from '../http/body-validation.pipe.js';
import { Cost } from '../kernel/limits/cost.js';
import { SeqParameter } from './query.js';
import { ReadBody } from './read-bodies.js';
import { ThreadPages } from './thread-pages.js';

/** The same of a private conversation. */
@Controller('direct/:username/messages/:seq/thread')
@UseGuards(AccessGuard)
@UsePipes(BodyValidationPipe)
export class DirectThreadController {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly threads: ThreadPages,
  ) {}

  @Put('follow')
  @Cost(3)
  async follow(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', SeqParameter) seq: number,
  ): Promise<ThreadMark> {
    return this.threads.follow(user, await this.finder.direct(user, username, 'username'), seq);
  }

  @Delete('follow')
  @Cost(3)
  async unfollow(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', SeqParameter) seq: number,
  ): Promise<ThreadMark> {
    return this.threads.unfollow(user, await this.finder.direct(user, username, 'username'), seq);
  }

  @Put('read')
  @Cost(3)
  async read(
    @CurrentIdentity() { user }: Identity,
    @Param('username') username: string,
    @Param('seq', SeqParameter) seq: number,
    @Body() body: ReadBody,
  ): Promise<ThreadMark> {
    return this.threads.read(user, await this.finder.direct(user, username, 'username'), seq, body);
  }
}
