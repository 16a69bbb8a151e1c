import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Clock } from '../../../kernel/clock.js';
import { Access } from '../../conversations/access.js';
import { principalOf } from '../../conversations/principal.js';
import type { Written } from '../../log/event.js';
import { MessageStore } from '../../log/message-store.js';
import { newEdit } from '../kinds/edit.js';
import { type Asked, ChangeWriter, type Decided } from './change-writer.js';
import { decideEdit, type WantedEdit } from './edit-rules.js';
import { targetMessage } from './target-message.js';
import type { VisibleConversation } from './visible-conversation.js';

export interface AskedInSight extends Asked {
  readonly in: VisibleConversation;
}

/** Gives messages another text. */
@Injectable()
export class EditService {
  private readonly textLimit: number;
  private readonly windowMs: number;

  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly access: Access,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.textLimit = settings.limits.textLength;
    this.windowMs = settings.editWindowMs;
  }

  /**
   * @returns the numbers of the edit; where the message says so already, of the last one or of the
   *   message
   * @throws Refusal as the text policy and {@link decideEdit}, `unknown-message`, `message-deleted`,
   *   or where the person may not edit there; by rejection
   */
  async edit(asked: AskedInSight, target: number, wanted: WantedEdit): Promise<Written> {
    const body = newEdit(target, wanted.text, this.textLimit);
    const before = await this.writer.repeated(asked, body);
    if (before !== null) return before;
    const { person, in: where } = asked;
    await this.access.require(principalOf(person), where.conversation, 'edit');
    return this.writer.write(
      asked,
      async (): Promise<Decided> => {
        const [found] = await this.messages.at(where.conversation, [target]);
        const message = targetMessage(found, where.from);
        const time = { now: this.clock.now(), windowMs: this.windowMs };
        const changes = decideEdit(message, person.id, wanted, time);
        if (changes !== null) return { body, changes };
        const seq = message.state?.edited?.seq ?? message.seq;
        return { already: await this.writer.receiptAt(where, seq) };
      },
      body,
    );
  }
}
