import { MessageStore } from '../../../src/chat/log/message-store.js';
import { directKey, LOBBY, roomKey } from '../../../src/chat/conversations/conversation.js';
import type { Draft } from '../../../src/chat/log/event.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import type { Person } from '../../../src/kernel/person.js';
import type { RunningApp } from '../../support/app.js';
import type { Place, Tokens } from '../../support/people.js';

const BATCH = 1_000;
const ids = new UlidFactory();

/** Stores texts as if the author had said them, in the lobby or to somebody. */
export async function store(
  { app }: RunningApp,
  author: Person,
  texts: readonly string[],
  to: Person | null = null,
): Promise<void> {
  const messages = app.get(MessageStore, { strict: false });
  const conversation = to === null ? roomKey(LOBBY) : directKey(author.id, to.id);
  const drafts = texts.map((text): Draft => {
    const time = Date.now();
    return { conversation, id: ids.next(time), time, author, to, text, ref: null };
  });
  for (let at = 0; at < drafts.length; at += BATCH) {
    await messages.append(drafts.slice(at, at + BATCH));
  }
}

/** `count` texts, each another. */
export function texts(count: number, filler = ''): readonly string[] {
  return Array.from({ length: count }, (_, i) => `message ${String(i + 1)}${filler}`);
}

export async function get(place: Place, path: string, reader?: Tokens): Promise<Response> {
  return await fetch(place.url + path, {
    headers: reader === undefined ? {} : { authorization: `Bearer ${reader.access_token}` },
  });
}

/** The answer's status and what it says to programs. */
export async function problem(
  response: Response,
): Promise<{ status: number; code: unknown; field: unknown }> {
  const { code, field } = (await response.json()) as { code: unknown; field?: unknown };
  return { status: response.status, code, field };
}
