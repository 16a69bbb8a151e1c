import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type ReadBy, ReadMarks, type ReadPosition } from '../marks/read-marks.js';
import { ConversationFinder, type FoundConversation } from './conversation-finder.js';

/**
 * Moves the marks of what somebody has read, in conversations that a client names: a room by its
 * name, a private one by `@` and the other person's.
 *
 * Every call rejects with a Refusal as {@link ConversationFinder} does, and then no mark was moved.
 */
@Injectable()
export class ReadingService {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly marks: ReadMarks,
  ) {}

  /** Has read the conversation up to that number. @returns where the mark stands now */
  async readOne(by: ReadBy, name: string, seq: number): Promise<ReadPosition> {
    const found = await this.finder.byName(by.person, name);
    const [position] = await this.marks.readUpTo(by, [{ ...found, seq }]);
    return position ?? { ...found, seq: 0, unread: 0 };
  }

  /** Has not read it from that number on. @returns where the mark stands now */
  async setBack(by: ReadBy, name: string, firstUnread: number): Promise<ReadPosition> {
    const found = await this.finder.byName(by.person, name);
    return this.marks.setBack(by, found, Math.max(1, firstUnread));
  }

  /**
   * @param wanted at most 200; names that mean the same conversation are one, with the highest number
   * @returns where the marks stand now, by the names as the service writes them
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
