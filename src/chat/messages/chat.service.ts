import { Inject, Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { UlidFactory } from '../../kernel/ids.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { Access, refuseUnless } from '../conversations/access.js';
import { type ConversationKey, directKey } from '../conversations/key.js';
import { principalOf } from '../conversations/principal.js';
import type { Draft, Written } from '../log/event.js';
import { Journal } from '../log/journal.js';
import { ReadMarks } from '../marks/read-marks.js';
import { fromMember } from './from-member.js';
import { newMessage } from './kinds/message.js';

/** The author, and the connection. */
export interface Speaker {
  readonly person: Person;
  readonly connectionId: string;
}

/** A conversation as somebody addresses it: a room's name, or `@` and a person's name. */
export interface ConversationRef {
  readonly conversation: ConversationKey;
  /** The other person of a direct conversation; null for a room. */
  readonly other: Person | null;
  /** As the service writes it, however the client did: a room's, or `@` and the other person's. */
  readonly name: string;
}

export interface DirectRef extends ConversationRef {
  readonly other: Person;
}

/** Validates messages, and hands them to the journal. */
@Injectable()
export class ChatService {
  private readonly ids = new UlidFactory();
  private readonly textLimit: number;

  constructor(
    private readonly journal: Journal,
    private readonly directory: UserDirectory,
    private readonly access: Access,
    private readonly reads: ReadMarks,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.textLimit = settings.limits.textLength;
  }

  /**
   * @param field the field of the request that named the person
   * @throws Refusal `unknown-recipient` or `self-recipient`, by rejection
   */
  async direct(me: Person, username: string, field = 'to'): Promise<DirectRef> {
    return this.addressOf(me, await this.directory.findByName(username), field);
  }

  /**
   * Sends a message. Its place in the order of this connection's messages is fixed when the call
   * returns; it is stored when the promise resolves.
   *
   * @throws Refusal at once where it is not allowed; by rejection where it could not be stored
   */
  say(
    speaker: Speaker,
    address: ConversationRef,
    text: string,
    ref: string | null,
  ): Promise<Written> {
    const { conversation, other } = address;
    const decision = this.access.mayDo(principalOf(speaker.person), conversation, 'send');
    refuseUnless(decision, other === null ? 'room' : 'to');
    return this.write(this.draft(speaker, address, text, ref), speaker.connectionId);
  }

  /**
   * The same for somebody who need not be connected to this node.
   * @throws Refusal as {@link say}, by rejection
   */
  async post(
    speaker: Speaker,
    address: ConversationRef,
    text: string,
    ref: string | null,
  ): Promise<Written> {
    await this.access.require(principalOf(speaker.person), address.conversation, 'send');
    return this.write(this.draft(speaker, address, text, ref), speaker.connectionId);
  }

  private draft(
    speaker: Speaker,
    { conversation, other }: ConversationRef,
    text: string,
    ref: string | null,
  ): Draft {
    const { kind, target, body, counts } = newMessage(text, this.textLimit);
    const time = this.clock.now();
    return {
      conversation,
      id: this.ids.next(time),
      time,
      author: speaker.person,
      to: other,
      kind,
      target,
      body,
      counts,
      ref,
      ...fromMember(conversation),
    };
  }

  private write(draft: Draft, origin: string): Promise<Written> {
    const receipt = this.journal.write(draft, origin);
    receipt.then(
      ({ seq }) => {
        this.reads.noteWritten(draft.author.id, draft.conversation, seq);
      },
      () => undefined, // Whoever asked gets the refusal.
    );
    return receipt;
  }

  private addressOf(me: Person, other: Person | null, field: string): DirectRef {
    if (other === null) throw new Refusal('unknown-recipient', { field });
    if (other.id === me.id) throw new Refusal('self-recipient', { field });
    return { conversation: directKey(me.id, other.id), other, name: `@${other.username}` };
  }
}
