import { type EntryFrame, FrameType, type MessagePlace } from '@parley/protocol';
import type { ChatEvent } from '../../chat/log/event.js';
import { deletionKind } from '../../chat/messages/kinds/deletion.js';
import { editKind } from '../../chat/messages/kinds/edit.js';
import { joinKind } from '../../chat/messages/kinds/join.js';
import { bodyOf } from '../../chat/messages/kinds/kinds.js';
import { memberKind } from '../../chat/messages/kinds/member.js';
import { messageKind } from '../../chat/messages/kinds/message.js';
import { partKind } from '../../chat/messages/kinds/part.js';
import { pinKind } from '../../chat/messages/kinds/pin.js';
import { reactionKind } from '../../chat/messages/kinds/reaction.js';
import { roomKind } from '../../chat/messages/kinds/room.js';

/**
 * An entry of the log as clients see it.
 * @param room the name that its room has now; of no importance in private
 */
export function toFrame(event: ChatEvent, room: string): EntryFrame {
  const { author, id, seq, time, to, state } = event;
  const user = { id: author.id, username: author.username };
  const body = bodyOf(event);
  switch (body?.kind) {
    case 'message': {
      const fields = messageKind.fields(body, state);
      if (to === null) return { type: FrameType.GroupChat, user, ...fields, room, id, seq, time };
      return { type: FrameType.SingleChat, user, to: to.username, ...fields, id, seq, time };
    }
    case 'join':
      return { type: FrameType.Join, user, room, ...joinKind.fields(body), id, seq, time };
    case 'part':
      return { type: FrameType.Part, user, room, ...partKind.fields(body), id, seq, time };
    case 'room':
      return { type: FrameType.Room, user, room, ...roomKind.fields(body), id, seq, time };
    case 'member':
      return { type: FrameType.Member, user, room, ...memberKind.fields(body), id, seq, time };
    default:
      return aboutMessage(event, body, { user, ...placeOf(event, room), id, seq, time });
  }
}

/** Whether frames of earlier events, made before this one, must not be sent any more. */
export function changesEarlier({ kind }: ChatEvent): boolean {
  return kind === editKind.kind || kind === deletionKind.kind;
}

type Where = Pick<ChatEvent, 'id' | 'seq' | 'time'> & { readonly user: ChatEvent['author'] };

/** What somebody did to a message; or something that only a later version knows. */
function aboutMessage(
  { state }: ChatEvent,
  body: Exclude<
    ReturnType<typeof bodyOf>,
    { kind: 'message' | 'join' | 'part' | 'room' | 'member' }
  >,
  where: Where & MessagePlace,
): EntryFrame {
  switch (body?.kind) {
    case 'edit':
      return { type: FrameType.Edit, ...where, ...editKind.fields(body, state) };
    case 'delete':
      return { type: FrameType.Deletion, ...where, ...deletionKind.fields(body) };
    case 'reaction':
      return { type: FrameType.Reaction, ...where, ...reactionKind.fields(body, state) };
    case 'pin':
      return { type: FrameType.Pin, ...where, ...pinKind.fields(body) };
    case undefined:
      return { type: FrameType.Unknown, ...where };
  }
}

function placeOf({ to }: ChatEvent, room: string): MessagePlace {
  return to === null ? { room } : { to: to.username };
}
