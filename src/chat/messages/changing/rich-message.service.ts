import { Inject, Injectable } from '@nestjs/common';
import { UserDirectory } from '../../../auth/accounts/user-directory.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Clock } from '../../../kernel/clock.js';
import type { Person } from '../../../kernel/person.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Access, type Action } from '../../conversations/access.js';
import { parseKey } from '../../conversations/key.js';
import { LOBBY } from '../../conversations/lobby.js';
import { principalOf } from '../../conversations/principal.js';
import { RoomStore } from '../../conversations/room-store.js';
import type { Written } from '../../log/event.js';
import type { MessageChange } from '../../log/message-change.js';
import { MessageStore } from '../../log/message-store.js';
import { ReadMarks } from '../../marks/read-marks.js';
import { type MessageExtras, newRichMessage } from '../kinds/message.js';
import { Attachables } from './attachables.js';
import { ChangeWriter } from './change-writer.js';
import type { AskedInSight } from './edit.service.js';
import { targetMessage } from './target-message.js';
import { threadRoot } from './thread-root.js';
import { ThreadService } from './thread.service.js';

/** People whom one message can mention by name. */
export const MOST_MENTIONED = 50;

/** What a message is to have beside its text, as a client asks for it. */
export interface WantedExtras {
  readonly reply?: number | undefined;
  readonly thread?: number | undefined;
  readonly also?: boolean | undefined;
  /** Names. */
  readonly mentions?: readonly string[] | undefined;
  readonly mentionAll?: boolean | undefined;
  /** Ids, each once. */
  readonly attachments?: readonly string[] | undefined;
}

/** Says what is more than a text: replies, what is said in threads, mentions, and files. */
@Injectable()
export class RichMessageService {
  private readonly textLimit: number;

  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly access: Access,
    private readonly users: UserDirectory,
    private readonly rooms: RoomStore,
    private readonly reads: ReadMarks,
    private readonly files: Attachables,
    private readonly threads: ThreadService,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.textLimit = settings.limits.textLength;
  }

  /**
   * @throws Refusal as the text policy; `unknown-message` or `message-deleted` for what it replies to;
   *   `invalid-field` for a thread that is none; `unknown-recipient` for somebody who is not there;
   *   `attachment-unknown` or `attachment-not-ready`;
   *   or where the person may not; by rejection
   */
  async say(asked: AskedInSight, text: string, wanted: WantedExtras): Promise<Written> {
    const extras = await this.extrasOf(asked, wanted);
    const body = newRichMessage(text, extras, this.textLimit);
    const before = await this.writer.repeated(asked, body);
    if (before !== null) return before;
    await this.mayAll(asked, actionsFor(wanted));
    const written = await this.writer.write(
      asked,
      async () => {
        await this.checkTargets(asked, extras);
        await this.checkFiles(asked, extras);
        return { body, changes: changesFor(asked, extras, this.clock.now()) };
      },
      body,
    );
    const { person, in: where } = asked;
    // What stands in a thread alone is another thing to read than the conversation.
    if (body.counts) this.reads.noteWritten(person.id, where.conversation, written.seq);
    return written;
  }

  private async mayAll({ person, in: where }: AskedInSight, actions: readonly Action[]) {
    const field = where.other === null ? 'room' : 'to';
    for (const action of actions) {
      await this.access.require(principalOf(person), where.conversation, action, field);
    }
  }

  private async extrasOf(asked: AskedInSight, wanted: WantedExtras): Promise<MessageExtras> {
    const { reply, thread, also, mentions = [], mentionAll, attachments = [] } = wanted;
    if (also === true && thread === undefined)
      throw new Refusal('invalid-field', { field: 'also' });
    const people = await this.peopleOf(asked, mentions);
    const files = attachments.length === 0 ? [] : await this.files.find(asked.person, attachments);
    return {
      ...(reply === undefined ? {} : { reply }),
      ...(thread === undefined ? {} : { thread }),
      ...(also === true ? { also } : {}),
      ...(people.length === 0 ? {} : { mentions: people }),
      ...(mentionAll === true ? { mentionAll } : {}),
      ...(files.length === 0 ? {} : { attachments: files.map(({ attachment }) => attachment) }),
    };
  }

  private async checkTargets(
    { person, in: where }: AskedInSight,
    { reply, thread }: MessageExtras,
  ) {
    const wanted = [reply, thread].filter((seq) => seq !== undefined);
    const found = await this.messages.at(where.conversation, [...new Set(wanted)]);
    const at = (wantedSeq: number) => found.find(({ seq }) => seq === wantedSeq);
    if (reply !== undefined) targetMessage(at(reply), where.from, 'reply');
    if (thread === undefined) return;
    const { author } = threadRoot(at(thread), where.from, 'thread');
    this.threads.noteReply(person.id, author.id);
  }

  /** A file goes with one message. */
  private async checkFiles({ person }: AskedInSight, { attachments = [] }: MessageExtras) {
    if (attachments.length === 0) return;
    const ids = attachments.map(({ id }) => id);
    const found = await this.files.find(person, ids);
    if (found.some(({ isUsed }) => isUsed)) {
      throw new Refusal('attachment-unknown', { field: 'attachments' });
    }
  }

  /** Each of them once. */
  private async peopleOf(asked: AskedInSight, names: readonly string[]): Promise<Person[]> {
    if (names.length > MOST_MENTIONED) throw new Refusal('invalid-field', { field: 'mentions' });
    const people = new Map<string, Person>();
    for (const name of names) {
      const person = await this.users.findByName(name);
      if (person === null || !(await this.isThere(asked, person))) {
        throw new Refusal('unknown-recipient', { field: 'mentions' });
      }
      people.set(person.id, { id: person.id, username: person.username });
    }
    return [...people.values()];
  }

  private async isThere({ in: where }: AskedInSight, { id }: Person): Promise<boolean> {
    const parsed = parseKey(where.conversation);
    if (parsed.kind === 'direct') return parsed.members.includes(id);
    if (parsed.roomId === LOBBY) return true;
    return (await this.rooms.membership(parsed.roomId, id))?.left === null;
  }
}

function actionsFor({
  thread,
  also,
  mentionAll,
  attachments = [],
}: WantedExtras): readonly Action[] {
  return [
    ...(thread === undefined || also === true ? (['send'] as const) : []),
    ...(thread === undefined ? [] : (['thread'] as const)),
    ...(mentionAll === true ? (['mention_all'] as const) : []),
    ...(attachments.length > 0 ? (['upload'] as const) : []),
  ];
}

function changesFor(
  { person, in: { conversation } }: AskedInSight,
  { thread, also, mentions, mentionAll, attachments }: MessageExtras,
  time: number,
): readonly MessageChange[] {
  const changes: MessageChange[] = [];
  if (thread !== undefined) {
    const alone = also !== true;
    const reply = { op: 'reply-in-thread', author: person.id, alone, time } as const;
    changes.push({ ...reply, conversation, seq: thread });
  }
  if (mentions !== undefined) {
    const people = mentions.map(({ id }) => id).filter((id) => id !== person.id);
    if (people.length > 0) changes.push({ op: 'mention', conversation, people });
  }
  if (mentionAll) changes.push({ op: 'mention-all', conversation, author: person.id });
  if (attachments !== undefined) {
    const ids = attachments.map(({ id }) => id);
    changes.push({ op: 'attach', conversation, owner: person.id, ids });
  }
  return changes;
}
