import { Injectable } from '@nestjs/common';
import type { RefusalCode } from '@parley/protocol';
import { Refusal } from '../../kernel/refusal.js';
import { type ConversationKey, parseKey } from './key.js';
import type { Principal } from './principal.js';
import {
  isAtLeast,
  type Membership,
  type Right,
  RIGHTS,
  type Role,
  roleFor,
  type Room,
} from './room.js';
import { RoomBook } from './room-book.js';
import { RoomStore } from './room-store.js';

/** `read` covers pages, exports, catch-up and live events. */
export type Action = 'read' | Right;

export type Decision =
  | { readonly allowed: true }
  /** `not-a-member` is the same whether the conversation exists or not. */
  | { readonly allowed: false; readonly code: RefusalCode; readonly needs?: Role };

const ALLOWED: Decision = { allowed: true };
const NOT_A_MEMBER: Decision = { allowed: false, code: 'not-a-member' };
const FORBIDDEN = { allowed: false, code: 'forbidden' } as const;
const ARCHIVED: Decision = { allowed: false, code: 'room-archived' };

/** What two people may do in their private conversation. */
const IN_PRIVATE: ReadonlySet<Action> = new Set<Action>([
  ...(['read', 'send', 'thread', 'react', 'edit', 'pin', 'upload'] as const),
]);

/**
 * The one gate: who may do what where. Every transport and call asks it, and so does delivery;
 * nobody else decides.
 */
@Injectable()
export class Access {
  constructor(
    private readonly book: RoomBook,
    private readonly store: RoomStore,
  ) {}

  /**
   * Decides without asking the store, by what this node knows of the people connected to it, so that
   * live delivery and the way of a message never wait. Whoever is not connected here is in no room.
   */
  mayDo(principal: Principal, conversation: ConversationKey, action: Action): Decision {
    const parsed = parseKey(conversation);
    const { id } = principal.person;
    if (parsed.kind === 'direct') return inPrivate(parsed.members.includes(id), action);
    const membership = this.book.membership(id, conversation);
    return judge(this.book.room(conversation), membership, action);
  }

  /**
   * Decides by what the store knows, unless this node knows it as well. Whoever is not in a room by
   * what this node knows may have come into it a moment ago.
   */
  async decide(
    principal: Principal,
    conversation: ConversationKey,
    action: Action,
  ): Promise<Decision> {
    const parsed = parseKey(conversation);
    const { id } = principal.person;
    const isKnown = this.book.membership(id, conversation) !== null;
    if (parsed.kind === 'direct' || isKnown) return this.mayDo(principal, conversation, action);
    const [rooms, membership] = await Promise.all([
      this.store.byIds([parsed.roomId]),
      this.store.membership(parsed.roomId, id),
    ]);
    return judge(rooms.get(parsed.roomId) ?? null, membership, action);
  }

  /**
   * Decides about a room that was read from the store, by the place that the person has there: null
   * for a room or a place that is not there.
   */
  decideAs(
    _principal: Principal,
    room: Room | null,
    membership: Membership | null,
    action: Action,
  ): Decision {
    return judge(room, membership, action);
  }

  /**
   * @param field the field of the request that named the conversation
   * @throws Refusal with the decision's code, by rejection
   */
  async require(
    principal: Principal,
    conversation: ConversationKey,
    action: Action,
    field?: string,
  ): Promise<void> {
    refuseUnless(await this.decide(principal, conversation, action), field);
  }
}

/** The decision about a room, by who somebody is in it; null: the room is unknown, or the person. */
export function judge(room: Room | null, membership: Membership | null, action: Action): Decision {
  if (room === null || membership?.left !== null) return NOT_A_MEMBER;
  if (action === 'read') return ALLOWED;
  if (room.archivedAt !== null && action !== 'manage') return ARCHIVED;
  const needs = roleFor(room, action);
  return isAtLeast(membership.role, needs) ? ALLOWED : { ...FORBIDDEN, needs };
}

/** Everything that somebody may do in a room, beside reading. */
export function rightsIn(room: Room, membership: Membership): readonly Right[] {
  return RIGHTS.filter((right) => judge(room, membership, right).allowed);
}

/** @throws Refusal with the decision's code where it is not allowed */
export function refuseUnless(decision: Decision, field?: string): void {
  if (decision.allowed) return;
  const { code, needs } = decision;
  throw new Refusal(code, {
    ...(field === undefined ? {} : { field }),
    ...(needs === undefined ? {} : { needs }),
  });
}

function inPrivate(isMember: boolean, action: Action): Decision {
  if (!isMember) return NOT_A_MEMBER;
  return IN_PRIVATE.has(action) ? ALLOWED : FORBIDDEN;
}
