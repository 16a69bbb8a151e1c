import { Injectable } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal.js';
import { Access } from '../../conversations/access.js';
import { principalOf } from '../../conversations/principal.js';
import type { Written } from '../../log/event.js';
import { UNTOUCHED } from '../../log/message-state.js';
import { MessageStore } from '../../log/message-store.js';
import { newPin } from '../kinds/pin.js';
import { ChangeWriter, type Decided } from './change-writer.js';
import type { AskedInSight } from './edit.service.js';
import { targetMessage } from './target-message.js';

/** Messages that can be pinned in one conversation. */
const MOST_PINS = 100;

/** Pins messages, and takes them down. */
@Injectable()
export class PinService {
  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly access: Access,
  ) {}

  /**
   * @returns the numbers of the event; where it is so already, of the last that changed the message
   * @throws Refusal `unknown-message`, `message-deleted`, `limit-reached`, or where the person may not
   *   pin there; by rejection
   */
  async pin(asked: AskedInSight, target: number, isPinned: boolean): Promise<Written> {
    const body = newPin(target, isPinned);
    const before = await this.writer.repeated(asked, body);
    if (before !== null) return before;
    const { person, in: where } = asked;
    const { conversation } = where;
    await this.access.require(principalOf(person), conversation, 'pin');
    return this.writer.write(
      asked,
      async (): Promise<Decided> => {
        const [found] = await this.messages.at(conversation, [target]);
        const message = targetMessage(found, where.from);
        const { version, changed, pinned } = message.state ?? UNTOUCHED;
        if ((pinned !== null) === isPinned) {
          return { already: await this.writer.receiptAt(where, changed || message.seq) };
        }
        if (isPinned && (await this.messages.countPins(conversation)) >= MOST_PINS) {
          throw new Refusal('limit-reached', { limit: MOST_PINS });
        }
        const ref = { conversation, seq: target };
        const change = isPinned
          ? ({ op: 'pin', ...ref, person: person.id, most: MOST_PINS } as const)
          : ({ op: 'unpin', ...ref } as const);
        return { body, changes: [{ op: 'expect-message', ...ref, version }, change] };
      },
      body,
    );
  }
}
