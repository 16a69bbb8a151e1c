import { Injectable } from '@nestjs/common';
import { Listeners } from '../../kernel/listeners.js';
import type { Person } from '../../kernel/person.js';
import type { Membership, Room } from '../conversations/room.js';

/** Something that happened to a person's rooms. */
export interface RoomNotice {
  readonly personId: string;
  readonly what: 'added' | 'removed' | 'invited' | 'uninvited';
  readonly room: Room;
  /** Who did it; null: the person. */
  readonly by: Person | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What is told of rooms beside their logs, on the node where it was done. */
@Injectable()
export class RoomNews {
  private readonly notices = new Listeners<[RoomNotice]>(RoomNews.name);
  private readonly moves = new Listeners<[Person, Room, Membership | null]>(RoomNews.name);

  /** Calls back when it is stored. @returns removes the listener */
  onNotice(hear: (notice: RoomNotice) => void): () => void {
    return this.notices.add(hear);
  }

  /**
   * Calls back when somebody came into a large room or went from one, of which no event tells.
   * @param hear with the room as it is after that, and the person's place in it: null for whoever
   *   went
   * @returns removes the listener
   */
  onMoved(hear: (person: Person, room: Room, membership: Membership | null) => void): () => void {
    return this.moves.add(hear);
  }

  notify(notice: RoomNotice): void {
    this.notices.tell(notice);
  }

  moved(person: Person, room: Room, membership: Membership | null): void {
    this.moves.tell(person, room, membership);
  }
}
