import type { ConversationKey } from './key.js';

export const ROOM_KINDS = ['public', 'private', 'announcement'] as const;
/** Who may find and enter a room: everybody, whoever is let in, or everybody to listen. */
export type RoomKind = (typeof ROOM_KINDS)[number];

export const HISTORY_RULES = ['all', 'joined'] as const;
/** What members may read: everything, or what was said since they joined. */
export type HistoryRule = (typeof HISTORY_RULES)[number];

/** In ascending order. */
export const ROLES = ['reader', 'member', 'moderator', 'owner'] as const;
export type Role = (typeof ROLES)[number];

export const RIGHTS = [
  'send',
  'thread',
  'react',
  'edit',
  'delete',
  'pin',
  'invite',
  'mention_all',
  'upload',
  'rename',
  'manage',
] as const;
/** What a role may do in a room, beside reading. */
export type Right = (typeof RIGHTS)[number];

/** The least role for each right; what is missing is the default of the room's kind. */
export type RightsMap = Readonly<Partial<Record<Right, Role>>>;

/** A room as stored. Times are milliseconds since the epoch. */
export interface Room {
  /** ULID; never changes. `lobby` is the lobby's. */
  readonly id: string;
  readonly key: ConversationKey;
  /** As displayed. */
  readonly name: string;
  readonly title: string | null;
  readonly topic: string | null;
  readonly kind: RoomKind;
  readonly history: HistoryRule;
  /** What differs from the defaults of its kind. */
  readonly rights: RightsMap;
  readonly createdAt: number;
  /** When it was archived; null while it is in use. */
  readonly archivedAt: number | null;
  /** How many people are in it. */
  readonly members: number;
  /** Rises with every change of the room or of who is in it, by one. */
  readonly version: number;
}

/** Somebody's place in a room. */
export interface Membership {
  readonly role: Role;
  /** The number from which on the person is in it, since joining last: that of the Join, where one was stored. */
  readonly joined: number;
  /** The number at which the person went; null for whoever is in it. */
  readonly left: number | null;
}

const TALK: Readonly<Record<Right, Role>> = {
  send: 'member',
  thread: 'member',
  react: 'member',
  edit: 'member',
  delete: 'moderator',
  pin: 'moderator',
  invite: 'member',
  mention_all: 'moderator',
  upload: 'member',
  rename: 'moderator',
  manage: 'moderator',
};

const DEFAULTS: Readonly<Record<RoomKind, Readonly<Record<Right, Role>>>> = {
  public: TALK,
  private: TALK,
  announcement: { ...TALK, send: 'moderator', upload: 'moderator', invite: 'moderator' },
};

/** The least role that has the right in a room. */
export function roleFor({ kind, rights }: Pick<Room, 'kind' | 'rights'>, right: Right): Role {
  return rights[right] ?? DEFAULTS[kind][right];
}

/** Whether a role is at least another. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** The first number that a member may read. */
export function firstVisible({ history }: Pick<Room, 'history'>, { joined }: Membership): number {
  return history === 'joined' ? joined : 1;
}
