import { Injectable } from '@nestjs/common';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { messageKind } from '../../chat/messages/kinds/message.js';
import { BookKeeper } from '../../chat/rooms/book-keeper.js';
import { RoomsOfPeople } from '../../chat/rooms/rooms-of-people.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { RoomChannels } from './room-channels.js';

/** Carries out those moves that cannot be carried out in the turn in which they come. */
export interface MovesWatch {
  /** Somebody who is known here has come, at this number, into a room that is not open yet. */
  cameLate(personId: string, key: ConversationKey, seq: number): void;
  /** Somebody who is known here has gone from a room at this number. */
  went(personId: string, key: ConversationKey, seq: number): void;
  /** Whether the person is still being brought something of the time before. */
  isMoving(personId: string, key: ConversationKey): boolean;
}

/**
 * Carries out what events say of who is in a room, at their exact number: whoever comes gets the Join
 * and what follows, whoever goes gets all up to the Part and nothing above.
 */
@Injectable()
export class RoomMoves {
  private watch: MovesWatch | null = null;

  constructor(
    private readonly channels: RoomChannels,
    private readonly registry: ConnectionRegistry,
    private readonly book: RoomBook,
    private readonly keeper: BookKeeper,
    private readonly reading: RoomsOfPeople,
  ) {}

  /** There is one. */
  watchWith(watch: MovesWatch): void {
    this.watch = watch;
  }

  /** Whether an event may say something of its room or of who is in it: nearly none does. */
  concerns({ kind }: LiveEvent): boolean {
    return kind !== messageKind.kind;
  }

  /** Before the event is handed out. */
  before(event: LiveEvent): void {
    if (event.kind === 'join') this.come(event);
    else if (event.kind === 'room') this.describe(event);
    else if (event.kind === 'member') this.keeper.apply(event);
  }

  /** After the event was handed out. */
  after(event: LiveEvent): void {
    if (event.kind === 'join') this.count(event);
    else if (event.kind === 'part') this.go(event);
  }

  /** The person's connections get no event of the room above this one; what they were told is written. */
  takeOut(personId: string, key: ConversationKey, last: number): void {
    if (this.book.membership(personId, key) === null) return;
    this.channels.get(key)?.flushMessages();
    for (const connection of this.registry.ofPerson(personId)) this.cut(connection, key, last);
    this.book.exit(personId, key);
    this.channels.letGo(key);
  }

  /** The same for one connection, which has read the log ahead of the others. */
  cut(connection: Connection, key: ConversationKey, last: number): void {
    if (!connection.isIn(key)) return;
    const channel = this.channels.get(key);
    channel?.leave(connection);
    connection.leaveRoom(key);
    if (connection.cursors.isHolding(key)) {
      connection.cursors.end(key, last);
    } else {
      connection.cursors.drop(key);
      if (channel !== undefined) connection.partedFrom(channel.name);
    }
  }

  /** Only whoever hears the room without a gap comes in at once. */
  private come(event: LiveEvent): void {
    const { author, conversation: key, seq } = event;
    this.reading.changed(author.id);
    if (!this.book.knows(author.id)) return;
    const known = this.book.membership(author.id, key);
    if (known !== null && known.joined >= seq) return;
    const channel = this.channels.get(key);
    if (known !== null) {
      this.keeper.enter(event);
    } else if (
      channel?.isOpen === true &&
      seq === channel.head + 1 &&
      this.watch?.isMoving(author.id, key) !== true
    ) {
      this.channels.keepOpen(key);
      this.keeper.enter(event);
      for (const connection of this.registry.ofPerson(author.id)) {
        connection.enterRoom(key);
        channel.join(connection);
      }
    } else {
      this.watch?.cameLate(author.id, key, seq);
    }
  }

  private go(event: LiveEvent): void {
    const { author, conversation: key, seq } = event;
    this.reading.changed(author.id);
    this.count(event);
    if (!this.book.knows(author.id)) return;
    this.watch?.went(author.id, key, seq);
    const membership = this.book.membership(author.id, key);
    if (membership !== null && membership.joined < seq) this.takeOut(author.id, key, seq);
  }

  private count(event: LiveEvent): void {
    if (!this.channels.noteChange(event.conversation)) this.keeper.apply(event);
  }

  private describe(event: LiveEvent): void {
    const { conversation: key } = event;
    if (this.channels.noteChange(key)) return;
    this.channels.get(key)?.rename(() => {
      this.keeper.apply(event);
    });
  }
}
