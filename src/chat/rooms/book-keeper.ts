import { Injectable } from '@nestjs/common';
import type { Role } from '../conversations/room.js';
import { RoomBook } from '../conversations/room-book.js';
import type { ChatEvent } from '../log/event.js';
import { bodyOf } from '../messages/kinds/kinds.js';
import type { RoomDescription } from '../messages/kinds/room.js';

/** Keeps the {@link RoomBook} by the events of the rooms that are in it, as they come in order. */
@Injectable()
export class BookKeeper {
  constructor(private readonly book: RoomBook) {}

  /** The author of a Join is in its room from here on, where this node knows the author. */
  enter(event: ChatEvent): void {
    const { author, conversation, seq } = event;
    const body = bodyOf(event);
    const role = (body?.kind === 'join' ? body.role : undefined) ?? 'member';
    this.book.enter(author.id, conversation, { role, joined: seq, left: null });
  }

  /** What an event says of its room, and of the roles there. */
  apply(event: ChatEvent): void {
    const body = bodyOf(event);
    if (body?.kind === 'room') this.describe(event, body.room);
    else if (body?.kind === 'member') this.giveRole(event, body.member.id, body.role);
    else if (body?.kind === 'join') this.count(event, 1);
    else if (body?.kind === 'part') this.count(event, -1);
  }

  private describe({ conversation }: ChatEvent, description: RoomDescription): void {
    const room = this.book.room(conversation);
    if (room !== null) this.book.learn({ ...room, ...description });
  }

  private giveRole({ conversation, seq }: ChatEvent, personId: string, role: Role): void {
    const membership = this.book.membership(personId, conversation);
    if (membership === null || membership.joined > seq) return;
    this.book.enter(personId, conversation, { ...membership, role });
  }

  /** Once each: the store may have counted it when the room was read. */
  private count({ conversation, seq }: ChatEvent, by: 1 | -1): void {
    const room = this.book.room(conversation);
    if (room === null || this.book.hasCounted(conversation, seq)) return;
    this.book.learn({ ...room, members: Math.max(0, room.members + by) }, seq);
  }
}
