import { ACK, type AckFrame } from './frames/ack.js';
import { DELETION, type DeletionCommand, type DeletionFrame } from './frames/deletion.js';
import { EDIT, type EditCommand, type EditFrame } from './frames/edit.js';
import { ERROR, type ErrorFrame } from './frames/error.js';
import { GROUP_CHAT, type GroupChatCommand, type GroupChatFrame } from './frames/group-chat.js';
import {
  GROUP_LIST,
  type GroupListCommand,
  type GroupListFrame,
  type ListedPerson,
} from './frames/group-list.js';
import { JOIN, type JoinCommand, type JoinFrame } from './frames/join.js';
import { MEMBER, type MemberFrame } from './frames/member.js';
import { NOTICE, type NoticeFrame } from './frames/notice.js';
import { PART, type PartCommand, type PartFrame } from './frames/part.js';
import { PIN, type PinCommand, type PinFrame } from './frames/pin.js';
import { ENTER, LEAVE, type PresenceFrame } from './frames/presence.js';
import {
  REACTION,
  type ReactionCommand,
  type ReactionFrame,
  type ReactionState,
} from './frames/reaction.js';
import {
  type OwnReadFrame,
  type OwnReadsFrame,
  READ,
  type ReadCommand,
  type ReadFrame,
  type ReadManyCommand,
  type ReadOneCommand,
  type ReadReceiptFrame,
  type RoomReceiptsFrame,
  type ThreadReadFrame,
} from './frames/read.js';
import { REJECT, type RejectFrame } from './frames/reject.js';
import { RENEW, type RenewCommand, type RenewFrame } from './frames/renew.js';
import {
  ROOM,
  type RoomChangeFrame,
  type RoomCountFrame,
  type RoomFrame,
  type RoomState,
} from './frames/room.js';
import { SINGLE_CHAT, type SingleChatCommand, type SingleChatFrame } from './frames/single-chat.js';
import { SYNC, type SyncCommand, type SyncFrame, type SyncOutcome } from './frames/sync.js';
import { TYPING, type TypingCommand, type TypingFrame } from './frames/typing.js';
import { UNKNOWN, type UnknownFrame } from './frames/unknown.js';
import type { WelcomeFrame } from './frames/welcome.js';
import type { Person } from './person.js';
import type { Attachment, Deleted, MessagePlace, ThreadState } from './stored.js';

/**
 * The `type` of a frame: the first thing that either side looks at.
 *
 * A number never changes its meaning. A client ignores types it doesn't know.
 */
export const FrameType = {
  /** Service: the session is over; a close follows at once. */
  Error: ERROR,
  /** Client: asks who is online. Service: the list. */
  GroupList: GROUP_LIST,
  /** Client: says something in a room. Service: a message in a room, or the welcome. */
  GroupChat: GROUP_CHAT,
  /** Client: says something to one person. Service: a private message. */
  SingleChat: SINGLE_CHAT,
  /** Service: a person's first connection is there. */
  Enter: ENTER,
  /** Service: a person's last connection has been gone for a while. */
  Leave: LEAVE,
  /** Service: the message with this `ref` is on disk. */
  Ack: ACK,
  /** Service: a frame was not carried out; the session goes on. */
  Reject: REJECT,
  /** Client: names what it has. Service: what was missed is all here. */
  Sync: SYNC,
  /** Client: brings a fresh access token. Service: the connection lives on under it. */
  Renew: RENEW,
  /** Client: is typing, or has stopped. Service: everybody who is typing in a conversation. */
  Typing: TYPING,
  /** Client: has read up to here. Service: a person has. It speaks of a number and does not fill it. */
  Read: READ,
  /** Client: gives a message another text. Service: a message has another text. */
  Edit: EDIT,
  /** Client: deletes messages. Service: messages are deleted. */
  Deletion: DELETION,
  /** Client: reacts to a message. Service: people have. */
  Reaction: REACTION,
  /** Client: enters a room. Service: somebody is in it from here on. */
  Join: JOIN,
  /** Client: leaves a room. Service: somebody is in it up to here. */
  Part: PART,
  /** Client: pins a message, or takes it down. Service: it is pinned, or no longer. */
  Pin: PIN,
  /** Service: a room was changed. */
  Room: ROOM,
  /** Service: a member has another role. */
  Member: MEMBER,
  /** Service: something happened to the person's rooms. It fills no number. */
  Notice: NOTICE,
  /**
   * Service: a log entry of a kind that the service itself does not know, since a later version
   * wrote it. It fills its number. Far above all planned types: a client that does not know it
   * ignores it.
   */
  Unknown: UNKNOWN,
} as const;

/** Everything that a client says. A field that a type doesn't have is refused by the service. */
export type ClientFrame =
  | GroupListCommand
  | GroupChatCommand
  | SingleChatCommand
  | SyncCommand
  | RenewCommand
  | TypingCommand
  | ReadCommand
  | EditCommand
  | DeletionCommand
  | ReactionCommand
  | JoinCommand
  | PartCommand
  | PinCommand;

/** A message as the log holds it: over the socket, and in pages over HTTP. */
export type MessageFrame = GroupChatFrame | SingleChatFrame;

/** An entry of a conversation's log. */
export type EntryFrame =
  | MessageFrame
  | EditFrame
  | DeletionFrame
  | ReactionFrame
  | PinFrame
  | JoinFrame
  | PartFrame
  | RoomChangeFrame
  | MemberFrame
  | UnknownFrame;

/** Everything that the service says. A client ignores fields that it doesn't know. */
export type ServerFrame =
  | ErrorFrame
  | GroupListFrame
  | WelcomeFrame
  | EntryFrame
  | PresenceFrame
  | AckFrame
  | RejectFrame
  | SyncFrame
  | RenewFrame
  | TypingFrame
  | ReadFrame
  | RoomCountFrame
  | NoticeFrame;

export type {
  AckFrame,
  Attachment,
  Deleted,
  DeletionCommand,
  DeletionFrame,
  EditCommand,
  EditFrame,
  ErrorFrame,
  GroupChatCommand,
  GroupChatFrame,
  GroupListCommand,
  GroupListFrame,
  JoinCommand,
  JoinFrame,
  ListedPerson,
  MemberFrame,
  MessagePlace,
  NoticeFrame,
  OwnReadFrame,
  OwnReadsFrame,
  PartCommand,
  PartFrame,
  Person,
  PinCommand,
  PinFrame,
  PresenceFrame,
  ReactionCommand,
  ReactionFrame,
  ReactionState,
  ReadCommand,
  ReadFrame,
  ReadManyCommand,
  ReadOneCommand,
  ReadReceiptFrame,
  RejectFrame,
  RenewCommand,
  RenewFrame,
  RoomChangeFrame,
  RoomCountFrame,
  RoomFrame,
  RoomReceiptsFrame,
  RoomState,
  SingleChatCommand,
  SingleChatFrame,
  SyncCommand,
  SyncFrame,
  SyncOutcome,
  ThreadReadFrame,
  ThreadState,
  TypingCommand,
  TypingFrame,
  UnknownFrame,
  WelcomeFrame,
};
