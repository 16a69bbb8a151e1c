import { Injectable } from '@nestjs/common';
import type { RefusalCode } from '@parley/protocol';
import { Refusal } from '../../kernel/refusal.js';
import { type ConversationKey, parseKey } from './key.js';
import { LOBBY } from './lobby.js';
import type { Principal } from './principal.js';

/** `read` covers pages, exports, catch-up and live events; `send` whatever adds to the log. */
export type Action = 'read' | 'send';

export type Decision =
  | { readonly allowed: true }
  /** The code is the same whether the conversation exists or not. */
  | { readonly allowed: false; readonly code: RefusalCode };

const ALLOWED: Decision = { allowed: true };
const NOT_A_MEMBER: Decision = { allowed: false, code: 'not-a-member' };

/**
 * The one gate: who may do what where. Every transport and call asks it, and so does delivery;
 * nobody else decides.
 */
@Injectable()
export class Access {
  /**
   * Decides without asking the store. That is enough for the lobby, for private conversations, and
   * for the rooms of people connected here, so that live delivery and the message path never wait.
   */
  mayDo(principal: Principal, conversation: ConversationKey, _action: Action): Decision {
    const parsed = parseKey(conversation);
    const isMember =
      parsed.kind === 'room' ? parsed.room === LOBBY : parsed.members.includes(principal.person.id);
    return isMember ? ALLOWED : NOT_A_MEMBER;
  }

  /** Decides asynchronously: the answer may have to come from the store. */
  decide(principal: Principal, conversation: ConversationKey, action: Action): Promise<Decision> {
    return Promise.resolve(this.mayDo(principal, conversation, action));
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

/** @throws Refusal with the decision's code where it is not allowed */
export function refuseUnless(decision: Decision, field?: string): void {
  if (decision.allowed) return;
  throw new Refusal(decision.code, field === undefined ? {} : { field });
}
