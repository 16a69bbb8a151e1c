import { IsOptional, IsString, Length } from 'class-validator';
import type { ConversationFinder } from '../../../chat/messages/conversation-finder.js';
import {
  type VisibleConversation,
  visibleOf,
} from '../../../chat/messages/changing/visible-conversation.js';
import type { Person } from '../../../kernel/person.js';
import { Refusal } from '../../../kernel/refusal.js';
import type { Destination } from './acknowledgement.js';

/** Names a conversation in a frame: a room, the private one with a person, or else the lobby. */
export class ConversationFields {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  /** The other person's name. */
  @IsOptional()
  @IsString()
  @Length(1, 128)
  readonly to?: string;
}

/** @throws Refusal where it is not the person's to read, or both are named; by rejection */
export async function conversationOf(
  finder: ConversationFinder,
  person: Person,
  { room, to }: ConversationFields,
): Promise<VisibleConversation> {
  if (isGiven(room) && isGiven(to)) throw new Refusal('invalid-field', { field: 'to' });
  const found = isGiven(to)
    ? await finder.direct(person, to)
    : await finder.room(person, finder.nameOfRoom(room));
  return visibleOf(found);
}

export function destinationOf({ other, name }: VisibleConversation): Destination {
  return other === null ? { room: name } : { to: other.username };
}

/** A field whose value is null counts as absent. */
export function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}
