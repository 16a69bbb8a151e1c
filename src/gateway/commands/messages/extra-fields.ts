import { IsBoolean, IsOptional } from 'class-validator';
import type { WantedExtras } from '../../../chat/messages/changing/rich-message.service.js';
import { isGiven } from './conversation-fields.js';
import { IsAttachments } from './is-attachments.js';
import { IsNames } from './is-names.js';
import { IsSeq } from './is-seq.js';

/** What a message may have beside its text. */
export class ExtraFields {
  /** The number of the message that it quotes. */
  @IsOptional()
  @IsSeq()
  readonly reply?: number;

  /** The number of the first message of the thread in which it is said. */
  @IsOptional()
  @IsSeq()
  readonly thread?: number;

  /** It is said outside the thread as well. */
  @IsOptional()
  @IsBoolean()
  readonly also?: boolean;

  /** Names of people in the conversation. */
  @IsOptional()
  @IsNames()
  readonly mentions?: readonly string[];

  /** It mentions everybody. */
  @IsOptional()
  @IsBoolean()
  readonly mention_all?: boolean;

  /** Ids of files of one's own. */
  @IsOptional()
  @IsAttachments()
  readonly attachments?: readonly string[];
}

/** @returns null for a plain message: by far the most are */
export function extrasOf(frame: ExtraFields): WantedExtras | null {
  const { reply, thread, also, mentions, mention_all: mentionAll, attachments } = frame;
  const isListed = (mentions?.length ?? 0) > 0 || (attachments?.length ?? 0) > 0;
  const isPlain = !isGiven(reply) && !isGiven(thread) && !also && !mentionAll && !isListed;
  if (isPlain) return null;
  return {
    reply: reply ?? undefined,
    thread: thread ?? undefined,
    also: also ?? undefined,
    mentions: mentions ?? undefined,
    mentionAll: mentionAll ?? undefined,
    attachments: attachments ?? undefined,
  };
}
