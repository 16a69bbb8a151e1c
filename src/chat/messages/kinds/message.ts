import type { Attachment } from '@parley/protocol';
import type { Person } from '../../../kernel/person.js';
import type { MessageState } from '../../log/message-state.js';
import type { StoredBody } from '../../log/stored-body.js';
import { checkText } from '../text-policy.js';
import type { EventKind, NewBody } from './kind.js';

/** What a message may have beside its text. */
export interface MessageExtras {
  /** The number of the message that it quotes. */
  readonly reply?: number;
  /** The number of the first message of the thread in which it stands. */
  readonly thread?: number;
  /** It stands in its thread, and in the conversation as well. */
  readonly also?: true;
  /** At most 50. */
  readonly mentions?: readonly Person[];
  /** It mentions everybody in the conversation. */
  readonly mentionAll?: true;
  /** At most 10. */
  readonly attachments?: readonly Attachment[];
}

/** Somebody said something. */
export interface MessageBody extends MessageExtras {
  readonly kind: 'message';
  readonly text: string;
}

/** The body is the text itself; each message counts as unread. */
export const messageKind = {
  kind: 'message',
  read: ({ body }): MessageBody => ({ kind: 'message', text: body }),
  fields: (body: MessageBody, state?: MessageState) => ({
    data: state?.deleted ? '' : body.text,
    ...extrasOf(body, state),
    ...becomeOf(state),
  }),
} satisfies EventKind<MessageBody>;

/** How a message is stored that has more than a text: as JSON. */
export const richKind = {
  kind: 'rich',
  read: ({ body }: StoredBody): MessageBody => ({
    kind: 'message',
    ...(JSON.parse(body) as Omit<MessageBody, 'kind'>),
  }),
};

/**
 * A message to be stored.
 * @param limit code points
 * @throws Refusal as {@link checkText}
 */
export function newMessage(text: string, limit: number): NewBody {
  checkText(text, limit);
  return { kind: messageKind.kind, target: null, body: text, counts: true };
}

/**
 * A message with more than a text: in a thread alone it does not count as unread. Beside files the text may
 * be empty.
 */
export function newRichMessage(text: string, extras: MessageExtras, limit: number): NewBody {
  if (text !== '' || extras.attachments === undefined) checkText(text, limit);
  const counts = extras.thread === undefined || extras.also === true;
  return { kind: richKind.kind, target: null, body: JSON.stringify({ text, ...extras }), counts };
}

/** Whether an event is a message, in either form. */
export function isMessage({ kind }: StoredBody): boolean {
  return kind === messageKind.kind || kind === richKind.kind;
}

/** What is stored of a message in place of its body once it has another text. */
export function withText(stored: StoredBody, text: string): string {
  if (stored.kind !== richKind.kind) return text;
  const { kind: _kind, ...body } = richKind.read(stored);
  return JSON.stringify({ ...body, text });
}

/** What is left of a message once it is deleted: where it stood. */
export function emptied(stored: StoredBody): string {
  if (stored.kind !== richKind.kind) return '';
  const { reply, thread, also } = richKind.read(stored);
  return JSON.stringify({ text: '', reply, thread, also });
}

function extrasOf(
  { reply, thread, also, mentions, mentionAll, attachments }: MessageBody,
  state: MessageState | undefined,
): object | null {
  // Nearly all messages are plain, and each is made into a frame.
  const isPlain = reply === undefined && thread === undefined && !mentions && !mentionAll;
  if (isPlain && !attachments) return null;
  const isDeleted = Boolean(state?.deleted);
  return {
    ...(reply === undefined ? {} : { reply }),
    ...(thread === undefined ? {} : { thread }),
    ...(also ? { also } : {}),
    ...(mentions && !isDeleted ? { mentions } : {}),
    ...(mentionAll && !isDeleted ? { mention_all: true } : {}),
    ...(attachments && !isDeleted ? { attachments } : {}),
  };
}

/** What became of it. */
function becomeOf(state: MessageState | undefined): object | null {
  if (state === undefined) return null;
  const { edited, deleted, pinned, thread } = state;
  return {
    ...(edited === null || deleted !== null ? {} : { edited }),
    ...(deleted === null ? {} : { deleted }),
    ...(pinned === null ? {} : { pinned: true }),
    ...(thread === null
      ? {}
      : { thread: { count: thread.count, last_seq: thread.lastSeq, users: thread.users } }),
  };
}
