import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { UlidFactory } from '../../../kernel/ids.js';
import { Refusal } from '../../../kernel/refusal.js';
import type { Person } from '../../../kernel/person.js';
import { NO_ORIGIN, type Receipt, type Written } from '../../log/event.js';
import { Journal, Stale } from '../../log/journal.js';
import type { RowChange } from '../../log/message-change.js';
import { MessageStore } from '../../log/message-store.js';
import type { StoredBody } from '../../log/stored-body.js';
import type { ConversationRef } from '../chat.service.js';
import { fromMember } from '../from-member.js';
import type { NewBody } from '../kinds/kind.js';
import { reactionKind } from '../kinds/reaction.js';

/** How often a decision is made anew because others were faster. */
const MOST_ATTEMPTS = 8;

/** Who asks for something, where, and under which ref. */
export interface Asked {
  readonly person: Person;
  readonly in: ConversationRef;
  readonly ref: string | null;
  /** The connection that is not sent the event, since its client knows it; none unless given. */
  readonly origin?: string;
}

/** An event to be stored, with what it changes. */
interface Proposed {
  readonly body: NewBody;
  readonly changes: readonly RowChange[];
  /** Whose event it is, where several people ask for it; else who asks. */
  readonly author?: Person;
}

/** An event to be stored; or what there is already. */
export type Decided = Proposed | { readonly already: Receipt };

/**
 * Stores events that were decided by what is in the store. Where that has changed before the event
 * was stored, it is decided anew.
 */
@Injectable()
export class ChangeWriter {
  private readonly ids = new UlidFactory();

  constructor(
    private readonly journal: Journal,
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @param decide reads and decides; called again where others were faster
   * @param wanted what the ref stands for. Where nothing is to be stored it is looked up once more: another
   *   node may have done the same meanwhile, whose client had come here to ask again
   * @throws Refusal whatever `decide` does; `busy` where others were faster each time; as {@link
   *   Journal.write}; all by rejection
   */
  async write(
    asked: Asked,
    decide: () => Promise<Decided>,
    wanted: StoredBody | null = null,
  ): Promise<Written> {
    const before = async (): Promise<Written | null> =>
      wanted === null ? null : this.repeated(asked, wanted);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      let decided: Decided;
      try {
        decided = await decide();
      } catch (error) {
        const done = error instanceof Refusal ? await before() : null;
        if (done !== null) return done;
        throw error;
      }
      if ('already' in decided) return (await before()) ?? { ...decided.already, isRepeated: true };
      try {
        return await this.store(asked, decided);
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
      }
    }
    throw new Refusal('busy');
  }

  /**
   * What the ref stands for already.
   * @param body what is asked for under it
   * @returns null where it is free
   * @throws Refusal `ref-conflict`, by rejection
   */
  async repeated(asked: Asked, body: StoredBody): Promise<Written | null> {
    const [found = null] = await this.allRepeated([{ asked, body }]);
    if (found instanceof Refusal) throw found;
    return found;
  }

  /**
   * The same for many at once.
   * @param all at most 500
   * @returns in the same order
   */
  async allRepeated(
    all: readonly { readonly asked: Asked; readonly body: StoredBody }[],
  ): Promise<readonly (Written | Refusal | null)[]> {
    const owners = all.flatMap(({ asked: { person: author, in: where, ref }, body }) => {
      return ref === null ? [] : [{ conversation: where.conversation, author, ...body, ref }];
    });
    const found = [...(await this.messages.stored(owners))];
    return all.map(({ asked }) => {
      const one = asked.ref === null ? null : (found.shift() ?? null);
      if (one === null) return null;
      if (!('receipt' in one)) return new Refusal('ref-conflict', { field: 'ref' });
      return { ...one.receipt, isRepeated: true };
    });
  }

  /** The numbers of an event that is stored. */
  async receiptAt({ conversation }: ConversationRef, seq: number): Promise<Receipt> {
    const [event] = await this.messages.at(conversation, [seq]);
    if (event === undefined) throw new Refusal('unknown-message', { field: 'target' });
    const { id, n, time } = event;
    return { id, seq, n, time };
  }

  private store(
    { person, in: { conversation, other }, ref, origin = NO_ORIGIN }: Asked,
    { body: { kind, target, body, counts }, changes, author = person }: Proposed,
  ): Promise<Written> {
    const time = this.clock.now();
    const draft = {
      conversation,
      id: this.ids.next(time),
      time,
      author,
      to: other,
      kind,
      target,
      body,
      counts,
      ref,
      changes,
      // Where it is of several people, its changes expect them: one who has gone takes nobody along.
      ...(kind === reactionKind.kind ? {} : fromMember(conversation)),
    };
    return this.journal.write(draft, origin);
  }
}
