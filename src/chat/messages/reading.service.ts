import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type ReadBy, ReadMarks, type ReadPosition, type ReadTarget } from '../marks/read-marks.js';
import { firstVisible } from '../conversations/room.js';
import {
  ConversationFinder,
  type FoundConversation,
  type FoundRoom,
} from './conversation-finder.js';

/** Moves the marks of what somebody has read, as every way in asks for it. */
@Injectable()
export class ReadingService {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly marks: ReadMarks,
  ) {}

  /**
   * Has read a conversation up to that number or, with `unread`, has not read it from there on.
   * @returns where the mark stands now
   */
  async readOne(
    by: ReadBy,
    target: ReadTarget | FoundRoom,
    { seq, unread }: { readonly seq: number; readonly unread: boolean },
  ): Promise<ReadPosition> {
    // What somebody may not see is not unread to them.
    const first = 'room' in target ? firstVisible(target.room, target.membership) : 1;
    if (unread) return this.marks.setBack(by, target, Math.max(first, seq));
    const [position] = await this.marks.readUpTo(by, [{ ...target, seq }]);
    return position ?? { ...target, seq: 0, unread: 0, mentions: 0 };
  }

  /**
   * @param wanted at most 200, as {@link ConversationFinder.byName} finds them; names that mean the same conversation are one, with the highest number
   * @returns where the marks stand now, by the names as the service writes them
   * @throws Refusal where a conversation is not the person's, by rejection; then no mark was moved
   */
  async readMany(
    by: ReadBy,
    wanted: Readonly<Record<string, number>>,
  ): Promise<Readonly<Record<string, number>>> {
    const found = new Map<ConversationKey, FoundConversation & { readonly seq: number }>();
    for (const [name, seq] of Object.entries(wanted)) {
      const one = await this.finder.byName(by.person, name);
      const known = found.get(one.conversation)?.seq ?? 0;
      found.set(one.conversation, { ...one, seq: Math.max(seq, known) });
    }
    const positions = await this.marks.readUpTo(by, [...found.values()]);
    return Object.fromEntries(
      positions.map(({ conversation, seq }) => [found.get(conversation)?.name ?? '', seq]),
    );
  }

  /** Has read every conversation up to its head. */
  readAll(by: ReadBy): Promise<void> {
    return this.marks.readAll(by);
  }
}
