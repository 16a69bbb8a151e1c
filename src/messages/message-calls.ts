import { Injectable } from '@nestjs/common';
import type { Receipt } from '../chat/log/event.js';
import { type DeletionRange, MOST_DELETED } from '../chat/messages/changing/deletion-rules.js';
import { DeletionService } from '../chat/messages/changing/deletion.service.js';
import { EditService } from '../chat/messages/changing/edit.service.js';
import { PinService } from '../chat/messages/changing/pin.service.js';
import { ReactionService } from '../chat/messages/changing/reaction.service.js';
import {
  type VisibleConversation,
  visibleOf,
} from '../chat/messages/changing/visible-conversation.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import type { DeletionWish } from './deletion-query.js';
import type { EditBody } from './edit-body.js';

/** The event with which it was done. */
export interface Done {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/** A conversation as a path names it. */
export type Named = { readonly room: string } | { readonly username: string };

/** Changes messages over HTTP: as the socket's frames 12, 13, 14 and 17, with their refusals. */
@Injectable()
export class MessageCalls {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly edits: EditService,
    private readonly deletions: DeletionService,
    private readonly reactions: ReactionService,
    private readonly pins: PinService,
  ) {}

  async edit(person: Person, named: Named, seq: number, body: EditBody): Promise<Done> {
    const { data: text, if: seen, ref } = body;
    const asked = { person, in: await this.find(person, named), ref: ref ?? null };
    return doneBy(await this.edits.edit(asked, seq, { text, seen: seen ?? null }));
  }

  async delete(person: Person, named: Named, seq: number, wish: DeletionWish): Promise<Done> {
    const asked = { person, in: await this.find(person, named), ref: null };
    return doneBy(await this.deletions.delete(asked, rangeOf(seq, wish), wish.reason));
  }

  async react(
    person: Person,
    named: Named,
    seq: number,
    wish: { readonly key: string; readonly op: 'add' | 'remove' },
  ): Promise<Done> {
    const asked = { person, in: await this.find(person, named), ref: null };
    return doneBy(await this.reactions.react(asked, seq, wish));
  }

  async pin(person: Person, named: Named, seq: number, isPinned: boolean): Promise<Done> {
    const asked = { person, in: await this.find(person, named), ref: null };
    return doneBy(await this.pins.pin(asked, seq, isPinned));
  }

  private async find(person: Person, named: Named): Promise<VisibleConversation> {
    if ('room' in named) return visibleOf(await this.finder.room(person, named.room, null));
    return visibleOf(await this.finder.direct(person, named.username, 'username'));
  }
}

/** @throws Refusal `invalid-field` for a last number that is below the first, or too far above it */
function rangeOf(seq: number, { upTo }: DeletionWish): DeletionRange {
  if (upTo === null) return { low: seq, high: seq, isRange: false };
  if (upTo < seq || upTo - seq >= MOST_DELETED) {
    throw new Refusal('invalid-field', { field: 'up_to' });
  }
  return { low: seq, high: upTo, isRange: true };
}

function doneBy({ id, seq, time }: Receipt): Done {
  return { id, seq, time };
}
