import { type ConversationKey, parseKey } from '../chat/conversations/key.js';
import { type Token, tokenize } from './tokenizer.js';

/** What a message is found by. No term of the text begins with `_`; those that say where it stands do. */
export interface IndexTerms {
  /** Whose places do not matter: conversation, author, kind of content, and each character of runs. */
  readonly unplaced: readonly string[];
  /** Those of the text, each next to the one before. */
  readonly placed: readonly string[];
}

export interface IndexedText {
  readonly conversation: ConversationKey;
  readonly authorId: string;
  readonly text: string;
  readonly hasAttachment?: boolean;
}

/** What `has=` asks for. */
export const CONTENTS = ['link', 'attachment'] as const;
export type Content = (typeof CONTENTS)[number];

const LINK = /\bhttps?:\/\/[^\s/]/i;

/**
 * The terms of a message, the same for every engine. Each character of a run is a term of its own beside
 * the pairs, so that a search for one character reads one list and not those of all pairs that begin
 * with it.
 */
export function indexTermsOf({
  conversation,
  authorId,
  text,
  hasAttachment = false,
}: IndexedText): IndexTerms {
  const tokens = tokenize(text);
  const characters = new Set<string>();
  for (const { kind, text: piece } of tokens) {
    if (kind !== 'word') characters.add(firstOf(piece));
  }
  const content = [
    ...(LINK.test(text) ? [contentTerm('link')] : []),
    ...(hasAttachment ? [contentTerm('attachment')] : []),
  ];
  return {
    unplaced: [...placeTerms(conversation), authorTerm(authorId), ...content, ...characters],
    placed: tokens.map((token) => token.text),
  };
}

/** What everything said in private by or to a person has. Ids are ULIDs: letters and digits. */
export function memberTerm(personId: string): string {
  return `_p${personId.toLowerCase()}`;
}

export function roomTerm(room: ConversationKey): string {
  return `_r${Buffer.from(room).toString('hex')}`;
}

export function authorTerm(personId: string): string {
  return `_a${personId.toLowerCase()}`;
}

export function contentTerm(content: Content): string {
  return `_h${content}`;
}

function placeTerms(conversation: ConversationKey): readonly string[] {
  const parsed = parseKey(conversation);
  return parsed.kind === 'room' ? [roomTerm(conversation)] : parsed.members.map(memberTerm);
}

/** The first character of a piece of a run, without marks that NFKC left beside it. */
export function firstOf(piece: Token['text']): string {
  return String.fromCodePoint(piece.codePointAt(0) ?? 0);
}
