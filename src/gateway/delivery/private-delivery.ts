import { Injectable } from '@nestjs/common';
import { Access } from '../../chat/conversations/access.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { principalOf } from '../../chat/conversations/principal.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { DeliveryMarks } from '../../chat/marks/delivery-marks.js';
import type { Person } from '../../kernel/person.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { RECONNECT } from '../wire/close-codes.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { toFrame } from '../wire/event-frame.js';
import { Backpressure } from './backpressure.js';

/** Delivers private events to the connections of both people, and notes who has received them. */
@Injectable()
export class PrivateDelivery {
  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly access: Access,
    private readonly marks: DeliveryMarks,
    private readonly backpressure: Backpressure,
  ) {}

  deliver(event: LiveEvent, recipient: Person): void {
    const frame = new EncodedFrame(toFrame(event, ''));
    for (const person of [recipient, event.author]) {
      if (!this.access.mayDo(principalOf(person), event.conversation, 'read').allowed) continue;
      const isReached = this.deliverTo(person.id, event, frame);
      const isAuthor = person.id === event.author.id;
      if (isReached || isAuthor) this.marks.note(person.id, event.conversation, event.seq);
    }
  }

  /** The lowest position to which a Sync has brought a connection of the person; null: none has. */
  aheadOf(personId: string, key: ConversationKey): number | null {
    let least: number | null = null;
    for (const { cursors } of this.registry.ofPerson(personId)) {
      const ahead = cursors.aheadOf(key);
      if (ahead !== null) least = Math.min(ahead, least ?? ahead);
    }
    return least;
  }

  /** @returns whether it counts as delivered to the person */
  private deliverTo(personId: string, event: LiveEvent, frame: EncodedFrame): boolean {
    let isReached = false;
    for (const connection of this.registry.ofPerson(personId)) {
      if (!connection.open || connection.id === event.origin) continue;
      const verdict = connection.cursors.offer(event.conversation, event.seq);
      if (verdict === 'overflow') connection.close(RECONNECT.tryLater);
      if (verdict !== 'tell') continue;
      connection.deliver(frame);
      this.backpressure.count(1);
      // With older messages still to come in the conversation, they must not count as delivered.
      if (!connection.hasMore) isReached = true;
    }
    return isReached;
  }
}
