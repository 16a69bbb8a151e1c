import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../../chat/conversations/lobby.js';
import { RoomBook } from '../../../chat/conversations/room-book.js';
import { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import type { Person } from '../../../kernel/person.js';
import { Refusal } from '../../../kernel/refusal.js';
import { RoomChannels } from '../../delivery/room-channels.js';
import type { Offset } from './offset.js';
import type { Beginning } from './recovery-id.js';

/** A conversation of which a client has less than there is. */
export interface Missed {
  readonly name: string;
  readonly conversation: ConversationKey;
  readonly since: number;
  /** The last number that the person may read. */
  readonly head: number;
}

/** Where a returning client stands in rooms. */
export interface RoomPositions {
  /** The rooms that the person is in. */
  readonly now: ReadonlyMap<ConversationKey, number>;
  /** Those that the person went from since, and something came before. */
  readonly before: readonly Missed[];
}

/** Finds out where a returning client stands in the rooms of its person, and in former ones. */
@Injectable()
export class ReturningRooms {
  constructor(
    private readonly book: RoomBook,
    private readonly channels: RoomChannels,
    private readonly finder: ConversationFinder,
  ) {}

  /** The rooms of a person who was prepared, by their ids, and their heads. */
  headsOf(person: Person): readonly (readonly [id: string, head: number])[] {
    return this.book
      .roomsOf(person.id)
      .map((key) => [this.book.room(key)?.id ?? '', this.channels.get(key)?.head ?? 0] as const);
  }

  /**
   * In the offset rooms are called as they are by now.
   * @param person one who was prepared
   */
  async positions(person: Person, offset: Offset, beginning: Beginning): Promise<RoomPositions> {
    const told = new Map<ConversationKey, number>();
    const before: Missed[] = [];
    for (const [name] of [...offset.roomPositions]) {
      const own = this.ownKey(person, name);
      if (own !== null) offset.rename(name, this.book.nameOf(own));
      else before.push(...(await this.elsewhere(person, name, offset)));
    }
    for (const [name, seq] of offset.roomPositions) {
      const own = this.ownKey(person, name);
      if (own !== null) told.set(own, seq);
    }
    const now = new Map(
      this.book
        .roomsOf(person.id)
        .map((key) => [key, told.get(key) ?? this.startOf(person, key, beginning)]),
    );
    return { now, before };
  }

  private ownKey(person: Person, name: string): ConversationKey | null {
    const room = this.book.named(name);
    return room !== null && this.book.membership(person.id, room.key) !== null ? room.key : null;
  }

  /** By a name that is not that of one of the person's rooms: a former name, or a former room. */
  private async elsewhere(
    person: Person,
    given: string,
    offset: Offset,
  ): Promise<readonly Missed[]> {
    try {
      const { conversation, name, until } = await this.finder.readable(person, given);
      offset.rename(given, name);
      const since = offset.room(name) ?? 0;
      const isMissed = until !== null && since < until;
      return isMissed ? [{ name, conversation, since, head: until }] : [];
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-a-member') return [];
      throw error;
    }
  }

  /** Nothing has come in the room since the chain began, or the person came into it since then. */
  private startOf(person: Person, key: ConversationKey, beginning: Beginning): number {
    const id = this.book.room(key)?.id ?? '';
    const begun = beginning.rooms.get(id);
    if (begun !== undefined || key === LOBBY_KEY) return begun ?? 0;
    if (beginning.lacksRooms) return this.channels.get(key)?.head ?? 0;
    return Math.max(0, (this.book.membership(person.id, key)?.joined ?? 0) - 1);
  }
}
