import { Injectable } from '@nestjs/common';
import { PersonBudget } from '../../../auth/person-budget.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Access } from '../../conversations/access.js';
import { principalOf } from '../../conversations/principal.js';
import type { Written } from '../../log/event.js';
import { MessageStore } from '../../log/message-store.js';
import { newDeletion } from '../kinds/deletion.js';
import { checkText } from '../text-policy.js';
import { ChangeWriter } from './change-writer.js';
import { decideDeletion, type DeletionRange, MOST_DELETED } from './deletion-rules.js';
import type { AskedInSight } from './edit.service.js';

/** Code points of a reason. */
const LONGEST_REASON = 500;
/** What each further message of a range costs. */
const UNITS_PER_MESSAGE = 1;

/** Deletes messages: one's own, or with the right anybody's. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly access: Access,
    private readonly budget: PersonBudget,
  ) {}

  /**
   * @param reason for people; null: none
   * @throws Refusal as {@link decideDeletion}; `invalid-field` for a range that is none, or too large;
   *   by rejection
   */
  async delete(asked: AskedInSight, range: DeletionRange, reason: string | null): Promise<Written> {
    const { low, high, isRange } = range;
    if (high < low || high - low >= MOST_DELETED) {
      throw new Refusal('invalid-field', { field: 'target' });
    }
    checkReason(reason);
    const body = newDeletion({ target: low, high: isRange ? high : null, reason });
    const before = await this.writer.repeated(asked, body);
    if (before !== null) return before;
    const { person, in: where } = asked;
    const seqs = Array.from({ length: high - low + 1 }, (_, index) => low + index);
    this.budget.charge(person.id, (seqs.length - 1) * UNITS_PER_MESSAGE);
    return this.writer.write(
      asked,
      async () => {
        const [mayDelete, events] = await Promise.all([
          this.access.decide(principalOf(person), where.conversation, 'delete'),
          this.messages.at(where.conversation, seqs),
        ]);
        const deleter = { id: person.id, from: where.from, mayDelete };
        return { body, changes: decideDeletion(range, events, deleter) };
      },
      body,
    );
  }
}

function checkReason(reason: string | null): void {
  if (reason === null) return;
  try {
    checkText(reason, LONGEST_REASON);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.code, { field: 'reason' });
    throw error;
  }
}
